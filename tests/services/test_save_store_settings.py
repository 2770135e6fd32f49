from sqlalchemy.orm import Session

from reviews_app.models.review import ReviewState
from reviews_app.models.store import Publishing
from reviews_app.services.save_store_settings import StoreSettings, save_store_settings
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock

SETTINGS = StoreSettings("Larkspur", ("en", "fr"), "de", "Europe/Berlin", "DE", "", "", Publishing.AT_ONCE)


def test_the_first_language_leads_whether_it_was_ticked_or_not(session: Session) -> None:
    store = make_store(session)
    save_store_settings(session, store, SETTINGS, clock=FakeClock())
    assert store.languages == ["de", "en", "fr"]
    assert store.language == "de"


def test_publishing_is_about_what_comes(session: Session) -> None:
    store = make_store(session, publishing=Publishing.HOLD_ALL)
    product = make_product(session, store)
    before = leave_review(session, store, product)
    save_store_settings(session, store, SETTINGS, clock=FakeClock())
    after = leave_review(session, store, product)
    assert (before.state, after.state) == (ReviewState.PENDING, ReviewState.PUBLISHED)
