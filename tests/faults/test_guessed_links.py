"""Ten thousand guesses at a mailed link, from addresses that each stay below the limit, and from one that does not."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reviews_app.config import Limits, Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.lib.ids import new_id
from reviews_app.lib.tokens import new_token
from reviews_app.services.tools import Tools
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review_request import make_link
from tests.factories.rows import every_row
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.tools import fake_tools
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
GUESSES, FROM_ONE = 10_000, 50
BEHIND = ("", "/{product}", "/{product}/edit", "/{product}/delete", "/unsubscribe", "/seen.gif")


@pytest.fixture
def guarded(settings: Settings, clock: FakeClock) -> Iterator[Flask]:
    made = create_app(tools=fake_tools(settings.model_copy(update={"limits": Limits.DEFAULT}), clock))
    yield made
    dispose_database(made)


def a_link(app: Flask) -> tuple[str, UUID]:
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        product = make_product(writing, store)
        _, token = make_link(writing, make_order(writing, store, product), store=store, tools=tools)
        return token, product.id


def page_of(client: FlaskClient, path: str, address: str) -> tuple[int, str]:
    answer = client.get(path, environ_base={"REMOTE_ADDR": address})
    return answer.status_code, re.sub(r'nonce="[^"]*"', "", answer.text)


def test_ten_thousand_guesses_find_one_page_and_change_nothing(guarded: Flask, tell: Tell) -> None:
    token, product = a_link(guarded)
    client = guarded.test_client()
    with guarded.app_context():
        before = every_row(session())
        session().rollback()
    answers: set[tuple[int, str]] = set()
    for number in range(GUESSES):
        path = BEHIND[number % len(BEHIND)].format(product=(product, new_id())[number % 2])
        answers.add(page_of(client, f"/r/{new_token()}{path}", f"10.0.{number // FROM_ONE}.7"))
    with guarded.app_context():
        assert every_row(session()) == before
    tell(f"{GUESSES} guessed links", pages=len(answers), statuses={status for status, _ in answers})
    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1
    assert page_of(client, f"/r/{token}", "10.0.0.7")[0] == 200


def test_ten_thousand_guesses_from_one_address_meet_a_shut_door(guarded: Flask, tell: Tell) -> None:
    token, product = a_link(guarded)
    client = guarded.test_client()
    statuses = [page_of(client, f"/r/{new_token()}", "203.0.113.7")[0] for _ in range(GUESSES)]
    tell(f"{GUESSES} guessed links from one address", absent=statuses.count(404), limited=statuses.count(429))
    assert set(statuses) == {404, 429}
    assert statuses[: FROM_ONE + 1] == [404] * FROM_ONE + [429]
    # A slow machine takes minutes for this, and the limit lets a few more in meanwhile.
    assert statuses.count(404) < 4 * FROM_ONE
    for path in ("", f"/{product}"):
        assert page_of(client, f"/r/{token}{path}", "203.0.113.7")[0] == 200
