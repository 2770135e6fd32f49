"""A large file of orders taken in while the mails of the same orders leave: nobody blocks anybody for good."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from reviews_app.db.database import session as database_session
from reviews_app.db.database import transaction
from reviews_app.jobs.take_in_file import put_in_file
from reviews_app.mail.sender import smtp_sender
from reviews_app.models.file_import import FileImport, ImportKind, ImportState
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.store import Store
from reviews_app.services.dispatch.send_mail import send_due_mails
from reviews_app.services.take_in_file import keep_file
from reviews_app.services.tools import Tools
from tests.factories.planned import make_asked
from tests.fakes.clock import FakeClock
from tests.fakes.smtp import smtp_server
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.postgresql_alone, pytest.mark.timeout(300)]
ORDERS = 400


def cancelling(orders: list[Order]) -> bytes:
    """The newest order first, as shops export them: against the direction in which mails are taken."""
    head = "order_id,email,placed_at,cancelled_at,product_id"
    lines = [
        f"{order.shop_id},{order.customer.email},2026-11-10,2026-11-27,{order.lines[0].product.shop_id}"
        for order in reversed(orders)
    ]
    return "\n".join([head, *lines]).encode()


def test_a_file_that_cancels_orders_whose_mails_are_leaving(
    session: Session, app: Flask, clock: FakeClock, tell: Tell
) -> None:
    tools: Tools = app.extensions["tools"]
    asked = make_asked(session, tools, clock)
    orders = [asked.place(email=f"b{n}@host{n % 40}.example", number=f"#{n}") for n in range(ORDERS)]
    raw = cancelling(orders)
    asked.send_when_due()
    store = session.scalars(select(Store)).one()
    file = keep_file(session, store, ImportKind.ORDERS, raw=raw, name="orders.csv", account_id=None, clock=clock)
    file_id = file.id
    session.commit()
    with smtp_server() as inbox, ThreadPoolExecutor(3) as pool:

        def take_in() -> bool:
            with app.app_context():
                return put_in_file(file_id, tools=tools)

        def send() -> int:
            gone: set[UUID] = set()
            sender = smtp_sender(inbox.url)
            with app.app_context():
                for _ in range(60):
                    gone |= send_due_mails(tools=tools, send=sender)
                    with transaction() as writing:
                        waits = OutgoingMail.state == MailState.WAITING
                        writing.execute(update(OutgoingMail).where(waits).values(next_at=clock()))
            return len(gone)

        filing, *sending = [pool.submit(take_in), pool.submit(send), pool.submit(send)]
        assert filing.result(timeout=200)
        left = sum(one.result(timeout=200) for one in sending)
    with app.app_context():
        rows = database_session()
        row = rows.scalars(select(FileImport)).one()
        assert (row.state, row.done, row.error_count) == (ImportState.DONE, ORDERS, 0)
        states = rows.scalars(select(OutgoingMail.state)).all()
    tell(f"{ORDERS} orders cancelled by a file beside two mail jobs", left=left, dropped=len(states) - left)
    assert set(states) <= {MailState.SENT, MailState.CANCELLED}
    assert states.count(MailState.SENT) == left == len(inbox.envelopes)
