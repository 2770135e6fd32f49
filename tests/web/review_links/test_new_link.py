from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.config import Limits, Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.models.order import Order
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.services.erase_person import erase_person
from reviews_app.services.tools import Tools
from reviews_app.services.unsubscribe import unsubscribe
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.review_request import make_link
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.mailbox import mail_text
from tests.fakes.tools import fake_tools
from tests.fakes.visitor import Page, Visitor
from tests.web.review_links.conftest import Link

Count = Callable[[type], int]
SAID = "If this order can still be reviewed, a new link is on its way to the address it was made with."


def ask(visitor: Visitor, link: Link) -> str:
    """Press the button of the page that says that the link has run out."""
    page = visitor.open(link.order)
    assert page.status_code == 410
    assert "Send me a new link" in page.text
    return visitor.client.post(f"{link.order}/again", data=Page(page.text).values).text


def test_a_link_that_has_run_out_sends_a_new_one_to_the_orders_own_address(
    visitor: Visitor, link: Link, count: Count, clock: FakeClock, tools: Tools
) -> None:
    clock.advance(days=91)
    assert SAID in ask(visitor, link)
    assert count(ReviewRequest) == 2
    text = mail_text(session(), tools, "morgan@example.com")
    token = text.split("/r/")[1].split("/")[0]
    assert token != link.token
    assert visitor.open(f"/r/{token}").status_code == 200


def test_a_new_link_lasts_as_long_as_the_rule_says_now(visitor: Visitor, link: Link, clock: FakeClock) -> None:
    with transaction() as writing:
        make_rule(writing, writing.get_one(Store, link.store), link_days=30)
    clock.advance(days=91)
    ask(visitor, link)
    newest = session().scalars(select(ReviewRequest).order_by(ReviewRequest.created_at.desc())).first()
    assert newest is not None
    assert newest.expires_at == clock() + timedelta(days=30)


def test_asking_again_and_again_is_one_mail_and_the_same_words(
    visitor: Visitor, link: Link, count: Count, clock: FakeClock
) -> None:
    clock.advance(days=91)
    said = [ask(visitor, link) for _ in range(5)]
    assert all(SAID in page for page in said)
    assert count(ReviewRequest) == 2


def said_no(link: Link, tools: Tools) -> None:
    with transaction() as writing:
        unsubscribe(writing, writing.get_one(Order, link.order_id).customer, clock=tools.clock)


def was_erased(link: Link, tools: Tools) -> None:
    with transaction() as writing:
        erase_person(writing, writing.get_one(Store, link.store), "morgan@example.com", clock=tools.clock)


def was_cancelled(link: Link, tools: Tools) -> None:
    with transaction() as writing:
        writing.get_one(Order, link.order_id).cancelled_at = tools.clock()


@pytest.mark.parametrize("happened", [said_no, was_erased, was_cancelled])
def test_the_page_says_the_same_where_no_mail_goes(
    visitor: Visitor,
    link: Link,
    count: Count,
    clock: FakeClock,
    tools: Tools,
    happened: Callable[[Link, Tools], None],
) -> None:
    clock.advance(days=91)
    happened(link, tools)
    assert SAID in ask(visitor, link)
    assert count(ReviewRequest) == 1


def test_a_foreign_page_and_a_look_send_nothing(visitor: Visitor, link: Link, count: Count, clock: FakeClock) -> None:
    clock.advance(days=91)
    assert visitor.client.get(f"{link.order}/again").status_code == 405
    assert "Send me a new link" in visitor.client.post(f"{link.order}/again", data={"csrf_token": "x"}).text
    assert count(ReviewRequest) == 1


def test_a_link_that_is_good_sends_no_other(visitor: Visitor, link: Link, count: Count) -> None:
    answer = visitor.client.post(f"{link.order}/again", data=Page(visitor.open(link.order).text).values)
    assert (answer.status_code, count(ReviewRequest)) == (303, 1)


def test_guessing_is_slowed_and_real_links_go_on_opening(settings: Settings, clock: FakeClock) -> None:
    own = settings.model_copy(update={"limits": Limits.DEFAULT})
    app: Flask = create_app(tools=fake_tools(own, clock))
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        order = make_order(writing, store, make_product(writing, store))
        _, token = make_link(writing, order, store=store, tools=app.extensions["tools"])
    client = app.test_client()
    answers = [client.get(f"/{door}/{place:022d}") for place in range(45) for door in ("r", "confirm")]
    assert {answer.status_code for answer in answers[:50]} == {404}
    assert {answer.status_code for answer in answers[50:]} == {429}
    assert len({answer.text for answer in answers[50:]}) == 1
    assert client.get(f"/r/{token}").status_code == 200
    with app.app_context():
        assert len(session().scalars(select(ReviewRequest)).all()) == 1
    dispose_database(app)
