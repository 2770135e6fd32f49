import threading
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.db.database import session, transaction
from reviews_app.models.coupon import CouponCode
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.review import Review
from reviews_app.models.reward import Reward, RewardState
from reviews_app.services.tools import Tools
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review_request import make_link
from tests.factories.reward import make_coupon, make_terms
from tests.factories.store import make_store
from tests.fakes.visitor import Page
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
SENDERS = 50


def an_order_with_a_link(app: Flask) -> tuple[str, list[str]]:
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        products = [make_product(writing, store, handle) for handle in ("pack", "stove")]
        coupon = make_coupon(writing, store, *[f"CODE-{place}" for place in range(100)], tools=tools)
        make_terms(writing, store, coupon, tools=tools)
        _, token = make_link(writing, make_order(writing, store, *products), store=store, tools=tools)
        return token, [str(product.id) for product in products]


def count(reading: Session, table: type, *which: object) -> int:
    return reading.scalar(select(func.count()).select_from(table).where(*which)) or 0  # type: ignore[arg-type]


@pytest.mark.parametrize("products", [1, 2])
def test_fifty_parallel_submissions_with_one_link_give_one_code(app: Flask, tell: Tell, products: int) -> None:
    token, ids = an_order_with_a_link(app)
    answers: list[int] = []
    ready = threading.Barrier(SENDERS)

    def send(place: int) -> None:
        client = app.test_client()
        at = f"/r/{token}/{ids[place % products]}"
        typed = Page(client.get(at).text).values | {"rating": "1", "body": f"It broke, {place}.", "name": "Morgan"}
        ready.wait(60)
        answers.append(client.post(at, data=typed).status_code)

    senders = [threading.Thread(target=send, args=(place,)) for place in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(120)
    came = Counter(answers)
    with app.app_context():
        reading = session()
        seen = {
            "reviews": count(reading, Review),
            "codes_given": count(reading, CouponCode, CouponCode.given_at.is_not(None)),
            "mails_with_a_code": count(reading, OutgoingMail, OutgoingMail.kind == MailKind.REWARD),
            "rewards_sent": count(reading, Reward, Reward.state == RewardState.SENT),
        }
    parts = "two products" if products > 1 else "one product"
    tell(f"{SENDERS} submissions at once by one link, {parts}", **seen)
    assert seen == {"reviews": products, "codes_given": 1, "mails_with_a_code": 1, "rewards_sent": 1}
    assert set(came) <= {303, 410}
    assert came[303] == products
