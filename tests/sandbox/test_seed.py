from flask import Flask
from sqlalchemy import func, select

from reviews_app.db.database import session, transaction
from reviews_app.models.outgoing_mail import OutgoingMail
from reviews_app.models.review_request import ReviewRequest
from reviews_app.sandbox.demo.shop import SLUG
from reviews_app.sandbox.seed import seed
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.store import make_store


def mails(app: Flask) -> tuple[int, int]:
    with app.app_context():
        counted = [session().scalar(select(func.count()).select_from(one)) for one in (ReviewRequest, OutgoingMail)]
    return counted[0] or 0, counted[1] or 0


def test_a_demo_whose_seeding_was_killed_after_its_store_gets_its_mails_once(app: Flask) -> None:
    with app.app_context(), transaction() as writing:
        store = make_store(writing, SLUG)
        make_order(writing, store, make_product(writing, store))
    assert seed(app) is False
    asked = mails(app)
    assert asked[0] == asked[1] == 1
    assert seed(app) is False
    assert mails(app) == asked
