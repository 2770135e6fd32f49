"""Programs that open every link of a mail, and people who guess links."""

import re
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from reviews_app.config import Limits, Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.lib.tokens import new_token
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.review_request import ReviewRequest
from tests.factories.rows import every_row
from tests.fakes.clock import FakeClock
from tests.fakes.tools import fake_tools
from tests.fakes.visitor import Visitor
from tests.web.review_links.conftest import Link

AGENTS = (
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1) SafeLinks",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Barracuda Sentinel (EE)",
    "Proofpoint URL Defense",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0",
    "curl/8.4.0",
    "",
)
METHODS = ("GET", "HEAD", "OPTIONS")


def links_of(link: Link) -> list[str]:
    """Every address a mail holds, and those of the pages behind them."""
    stars = [f"{link.form(product)}?rating={star}" for product in (link.pack, link.stove) for star in range(1, 6)]
    behind = [f"{link.form()}/{page}" for page in ("edit", "delete", "later", "skip", "pictures")]
    return [link.order, link.form(), *stars, f"{link.order}/unsubscribe", f"{link.order}/seen.gif", *behind]


def test_a_thousand_looks_of_scanners_change_nothing(app: Flask, link: Link) -> None:
    before = every_row(session())
    session().rollback()
    client = app.test_client()
    looks = 0
    while looks < 1000:
        for url in links_of(link):
            method, agent = METHODS[looks % 3], AGENTS[looks % len(AGENTS)]
            answer = client.open(url, method=method, headers={"User-Agent": agent, "Purpose": "prefetch"})
            assert answer.status_code < 500
            looks += 1
    session().rollback()
    assert every_row(session()) == before


def test_the_link_is_as_good_as_new_afterwards(visitor: Visitor, link: Link) -> None:
    for url in links_of(link):
        visitor.open(url)
    sent = visitor.send(f"{link.form()}?rating=4", body="Carried it for a week.")
    assert sent.status_code == 303


def opened_at(link: Link) -> datetime | None:
    session().rollback()
    return session().scalar(select(ReviewRequest.opened_at).where(ReviewRequest.id == link.request))


def count_opens(store_id: UUID) -> None:
    with transaction() as writing:
        writing.add(MailStyle(store_id=store_id, counts_opens=True))


def test_an_opened_mail_is_counted_only_where_the_merchant_counts(
    visitor: Visitor, link: Link, clock: FakeClock
) -> None:
    assert visitor.open(f"{link.order}/seen.gif").mimetype == "image/gif"
    assert opened_at(link) is None
    count_opens(link.store)
    first = clock()
    visitor.open(f"{link.order}/seen.gif")
    clock.advance(hours=1)
    visitor.open(f"{link.order}/seen.gif")
    assert opened_at(link) == first


def test_the_picture_of_an_opened_mail_writes_that_and_nothing_else(visitor: Visitor, link: Link) -> None:
    count_opens(link.store)
    before = {name: rows for name, rows in every_row(session()).items() if name != "review_request"}
    visitor.open(f"{link.order}/seen.gif")
    session().rollback()
    assert {name: rows for name, rows in every_row(session()).items() if name != "review_request"} == before


def test_a_guessed_picture_is_absent(visitor: Visitor, link: Link) -> None:
    assert visitor.open(f"/r/{new_token()}/seen.gif").status_code == 404


@pytest.fixture
def guarded(settings: Settings, clock: FakeClock, link: Link) -> Iterator[FlaskClient]:
    """The same house with its limits on."""
    made = create_app(tools=fake_tools(settings.model_copy(update={"limits": Limits.DEFAULT}), clock))
    yield made.test_client()
    dispose_database(made)


def guess(client: FlaskClient, address: str) -> tuple[int, str]:
    answer = client.get(f"/r/{new_token()}", environ_base={"REMOTE_ADDR": address})
    return answer.status_code, re.sub(r'nonce="[^"]*"', "", answer.text)


def test_guesses_find_one_page_and_then_a_shut_door(guarded: FlaskClient, link: Link) -> None:
    answers = [guess(guarded, "203.0.113.7") for _ in range(300)]
    assert [status for status, _ in answers] == [404] * 50 + [429] * 250
    assert len(set(answers)) == 2


def test_a_real_link_opens_however_many_were_guessed_from_there(guarded: FlaskClient, link: Link) -> None:
    for _ in range(80):
        guess(guarded, "203.0.113.8")
    for address in ("203.0.113.8", "203.0.113.9"):
        assert guarded.get(link.order, environ_base={"REMOTE_ADDR": address}).status_code == 200
    assert guess(guarded, "203.0.113.9")[0] == 404


def test_a_guess_cannot_be_told_from_another_by_its_shape(guarded: FlaskClient, link: Link) -> None:
    tokens = [new_token(), "x" * 22, "x" * 63, "x" * 300, "%00", "ü" * 10, link.token.swapcase()]
    answers = [guarded.get(f"/r/{token}", environ_base={"REMOTE_ADDR": "203.0.113.11"}) for token in tokens]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'nonce="[^"]*"', "", answer.text) for answer in answers}) == 1
