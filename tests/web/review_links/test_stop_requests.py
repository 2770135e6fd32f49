"""No more of these mails: page on GET, effect on POST, one click by a mail program, and the way back."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from reviews_app.db.database import session, transaction
from reviews_app.models.customer import Customer
from reviews_app.models.order import Order
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.models.suppression import Suppression, SuppressionReason
from reviews_app.queries.suppressions import suppressed
from reviews_app.services.may_mail import WhyNot, why_not
from reviews_app.services.suppress_address import suppress_address
from reviews_app.services.tools import Tools
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Visitor
from tests.web.review_links.conftest import Link

ADDRESS = "morgan@example.com"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def reason(link: Link, tools: Tools) -> WhyNot | None:
    session().rollback()
    store = session().get_one(Store, link.store)
    return why_not(session(), store=store, address=ADDRESS, now=tools.clock())


def choose(visitor: Visitor, link: Link, how: str) -> TestResponse:
    return visitor.send(f"{link.order}/unsubscribe", how=how)


def test_opening_the_page_changes_nothing(visitor: Visitor, link: Link, tools: Tools) -> None:
    for _ in range(5):
        assert "No more of these mails?" in visitor.open(f"{link.order}/unsubscribe").text
    assert reason(link, tools) is None


def test_pressing_the_button_stops_the_mails_and_twice_is_once(visitor: Visitor, link: Link, tools: Tools) -> None:
    for _ in range(2):
        assert "will not ask you again" in choose(visitor, link, "never").text
    assert reason(link, tools) is WhyNot.UNSUBSCRIBED
    assert len(session().scalars(select(Suppression)).all()) == 1
    assert "does not ask you for reviews" in visitor.open(f"{link.order}/unsubscribe").text


def test_one_click_by_a_mail_program_answers_at_once_and_leads_nowhere(
    visitor: Visitor, link: Link, tools: Tools
) -> None:
    for _ in range(2):
        answer = visitor.client.post(f"{link.order}/unsubscribe", data=ONE_CLICK)
        assert (answer.status_code, answer.text, answer.headers.get("Location")) == (200, "", None)
    assert reason(link, tools) is WhyNot.UNSUBSCRIBED
    assert len(session().scalars(select(Suppression)).all()) == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"how": "never"},
        {"List-Unsubscribe": "one-click"},
        {"List-Unsubscribe": ""},
        {"how": "nonsense", "csrf_token": "made-up"},
    ],
)
def test_a_foreign_page_cannot_choose_for_somebody(
    visitor: Visitor, link: Link, tools: Tools, data: dict[str, str]
) -> None:
    assert visitor.client.post(f"{link.order}/unsubscribe", data=data).status_code == 422
    assert reason(link, tools) is None


def test_ask_me_again_takes_it_back(visitor: Visitor, link: Link, tools: Tools) -> None:
    choose(visitor, link, "never")
    assert "may ask you again" in choose(visitor, link, "as_usual").text
    assert reason(link, tools) is None


def test_ask_me_again_does_not_bring_back_an_address_that_bounced(
    visitor: Visitor, link: Link, tools: Tools, clock: FakeClock
) -> None:
    with transaction() as writing:
        suppress_address(writing, link.store, ADDRESS, SuppressionReason.BOUNCED, clock=clock)
    choose(visitor, link, "never")
    choose(visitor, link, "as_usual")
    assert reason(link, tools) is WhyNot.BOUNCED


def test_once_an_order_without_reminders_can_be_chosen_and_undone(visitor: Visitor, link: Link, tools: Tools) -> None:
    assert "asks you once for each order" in choose(visitor, link, "once").text
    session().rollback()
    customer = session().scalars(select(Customer)).one()
    assert customer.no_reminders_at is not None
    assert reason(link, tools) is None
    assert "once for each order, without reminders" in visitor.open(f"{link.order}/unsubscribe").text
    choose(visitor, link, "as_usual")
    session().rollback()
    assert session().scalars(select(Customer.no_reminders_at)).one() is None


def test_the_page_shows_no_whole_address(visitor: Visitor, link: Link) -> None:
    pages = [visitor.open(f"{link.order}/unsubscribe").text]
    pages += [choose(visitor, link, how).text for how in ("never", "once", "as_usual")]
    assert "m•••@e•••.com" in pages[0]
    for page in pages:
        assert ADDRESS not in page
        assert "morgan" not in page.lower()


def test_it_is_about_one_store_alone(visitor: Visitor, link: Link, tools: Tools) -> None:
    with transaction() as writing:
        other = make_store(writing, "other").id
    choose(visitor, link, "never")
    session().rollback()
    store = session().get_one(Store, other)
    assert why_not(session(), store=store, address=ADDRESS, now=tools.clock()) is None


RIGHT = "right@example.com"


@pytest.fixture
def corrected(link: Link, clock: FakeClock) -> Link:
    """The link went to the wrong person; the shop has told the right address of the order since."""
    with transaction() as writing:
        right = Customer(store_id=link.store, email=RIGHT, email_key=RIGHT, created_at=clock())
        writing.get_one(Order, link.order_id).customer = right
    return link


def stopped(link: Link, tools: Tools) -> set[str]:
    """Which of the two this store may not ask."""
    session().rollback()
    return set(suppressed(session(), link.store, [ADDRESS, RIGHT], now=tools.clock()))


@pytest.mark.parametrize("is_one_click", [True, False], ids=["one click", "button"])
def test_who_got_a_mail_meant_for_another_stops_their_own_mails(
    visitor: Visitor, corrected: Link, tools: Tools, *, is_one_click: bool
) -> None:
    page = visitor.open(f"{corrected.order}/unsubscribe").text
    assert ("m•••@e•••.com" in page, "r•••@" in page) == (True, False)
    if is_one_click:
        visitor.client.post(f"{corrected.order}/unsubscribe", data=ONE_CLICK)
    else:
        assert "m•••@e•••.com" in choose(visitor, corrected, "never").text
    assert stopped(corrected, tools) == {ADDRESS}
    choose(visitor, corrected, "as_usual")
    assert stopped(corrected, tools) == set()


def test_who_got_a_mail_meant_for_another_chooses_nothing_for_them(
    visitor: Visitor, corrected: Link, tools: Tools, clock: FakeClock
) -> None:
    with transaction() as writing:
        suppress_address(writing, corrected.store, RIGHT, SuppressionReason.UNSUBSCRIBED, clock=clock)
    for how in ("once", "as_usual"):
        choose(visitor, corrected, how)
    assert stopped(corrected, tools) == {RIGHT}
    assert session().scalars(select(Customer.no_reminders_at).distinct()).all() == [None]


def test_a_link_that_has_run_out_still_stops_the_mails(
    visitor: Visitor, link: Link, tools: Tools, clock: FakeClock
) -> None:
    clock.advance(days=400)
    choose(visitor, link, "never")
    assert reason(link, tools) is WhyNot.UNSUBSCRIBED


def test_the_page_speaks_the_mails_language(visitor: Visitor, link: Link) -> None:
    with transaction() as writing:
        writing.get_one(ReviewRequest, link.request).language_code = "de"
    assert "Aus Versehen gedrückt?" in choose(visitor, link, "never").text
