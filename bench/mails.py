"""Mails sent to a loopback sink, beside a bare smtplib loop with one kept connection sending the same bytes; and one
mail rendered. Both take turns, a portion each. The pace is lifted: it is what one worker can do, not what others allow.
"""

import smtplib
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy import insert, select

from bench.orders import buyer, insert_orders
from bench.serving import empty_tables
from bench.smtp_sink import smtp_sink
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.lib.addresses import Addresses
from reviews_app.mail.message import Content, Envelope, compose
from reviews_app.mail.sender import smtp_sender
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.product import Product
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.store import Store
from reviews_app.services.dispatch.send_mail import send_due_mails
from reviews_app.services.example_request import example_request
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.tools import Tools
from tests.factories.product import make_product
from tests.factories.store import make_store

MAILS, PORTIONS, RENDERED = 10_000, 10, 200


def measure(mails: int = MAILS) -> dict[str, float]:
    """How many a second each way, and the milliseconds of one rendering."""
    with TemporaryDirectory() as folder, smtp_sink() as url:
        lifted = {"smtp_url": url, "mail_per_second_store": 1e9, "mail_per_second_provider": 1e9}
        app = create_app(empty_tables(Path(folder)).model_copy(update=lifted))
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        tools: Tools = app.extensions["tools"]
        sent = bare = 0.0
        with app.app_context():
            with transaction() as writing:
                store = make_store(writing)
                make_product(writing, store)
            content, rendering = rendered(tools.addresses)
            for portion in range(PORTIONS):
                queue(tools, content, mails // PORTIONS, portion)
                messages = waiting(tools)
                bare += bare_loop(url, messages)
                sent += own_loop(tools)
        dispose_database(app)
    return {
        "mails a second": round(mails / sent),
        "bare smtplib a second": round(mails / bare),
        "ratio": round(bare / sent, 2),
        "bytes a mail": len(messages[0][0]),
        "rendering one, ms": round(rendering * 1000, 2),
    }


def rendered(addresses: Addresses) -> tuple[Content, float]:
    """A request with one product, and the seconds of making its text and HTML."""
    store = session().scalars(select(Store)).one()
    began = time.perf_counter()
    for _ in range(RENDERED):
        content = example_request(session(), store, Asking.REQUEST, language="en", addresses=addresses)
    return content, (time.perf_counter() - began) / RENDERED


def queue(tools: Tools, content: Content, count: int, portion: int) -> None:
    """Requests for as many orders: each is judged by its order, its buyer and its store's rule before it leaves."""
    now = tools.clock()
    with transaction() as writing:
        store_id, product_id = writing.execute(select(Product.store_id, Product.id)).one()
        numbers = range(portion * count, (portion + 1) * count)
        orders = insert_orders(writing, store_id, product_id, numbers, now=now)
        asked = []
        for number, order_id in zip(numbers, orders, strict=True):
            envelope = Envelope(sender="reviews@shop.example", sender_name="Larkspur", recipient=buyer(number))
            message = compose(envelope, content, clock=tools.clock, make_id=tools.make_id)
            mail = queue_mail(writing, message, kind=MailKind.REVIEW_REQUEST, store_id=store_id, tools=tools)
            asked.append(
                {"store_id": store_id, "order_id": order_id, "mail_id": mail.id, "token_hash": mail.id.bytes}
                | {"created_at": now, "expires_at": now, "product_ids": [str(product_id)]}
            )
        writing.execute(insert(ReviewRequest), asked)


def waiting(tools: Tools) -> list[tuple[bytes, str]]:
    """The very bytes that will be sent."""
    rows = session().scalars(select(OutgoingMail).where(OutgoingMail.message.is_not(None))).all()
    found = [(tools.keyring.open(row.message).encode(), row.recipient) for row in rows if row.message]
    session().rollback()
    return found


def bare_loop(url: str, messages: list[tuple[bytes, str]]) -> float:
    with smtplib.SMTP("127.0.0.1", int(url.rpartition(":")[2])) as line:
        began = time.perf_counter()
        for message, recipient in messages:
            line.sendmail("reviews@shop.example", [recipient], message)
        return time.perf_counter() - began


def own_loop(tools: Tools) -> float:
    send = smtp_sender(tools.settings.smtp_url)
    began = time.perf_counter()
    send_due_mails(tools=tools, send=send, seconds=3600)
    seconds = time.perf_counter() - began
    send.close()
    return seconds
