"""Takes in an event a shop's machine sent: once, however often it comes."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.callback import CallbackEvent, CallbackOutcome, CallbackSource
from reviews_app.models.mail_report import MailFate, MailReport
from reviews_app.models.order_report import OrderReport, ProductReport, ReportRefused
from reviews_app.models.privacy_report import PrivacyReport
from reviews_app.models.store import Store
from reviews_app.services.put_apart import put_apart
from reviews_app.services.record_order import record_order
from reviews_app.services.record_product import record_product
from reviews_app.services.take_bounce import take_mail_report
from reviews_app.services.take_privacy_report import SUBJECTS, take_privacy_report
from reviews_app.services.take_turn import take_turn
from reviews_app.services.tools import Tools

Report = OrderReport | ProductReport | MailReport | PrivacyReport | None


@dataclass(frozen=True, slots=True)
class ShopEvent:
    """One signed call. `read` gives its report, None for what we have no use for, or raises ReportRefused."""

    source: CallbackSource
    key: str
    topic: str
    read: Callable[[], Report]


def take_event(session: Session, store: Store, event: ShopEvent, *, tools: Tools) -> CallbackEvent:
    """The event's row with what became of it. One that was refused may be sent again under its key, mended."""
    take_turn(session, store)
    row = session.scalar(
        select(CallbackEvent).where(
            CallbackEvent.store_id == store.id,
            CallbackEvent.source == event.source,
            CallbackEvent.event_key == event.key,
        )
    )
    if row is None or row.outcome is CallbackOutcome.REFUSED:
        outcome, subject, detail = _taken(session, store, event, tools=tools)
        row = row or CallbackEvent(store_id=store.id, source=event.source, event_key=event.key, times=0)
        row.topic, row.outcome, row.subject, row.detail = event.topic, outcome, subject, detail
        session.add(row)
    row.times += 1
    row.received_at = tools.clock()
    session.flush()
    return row


def _taken(session: Session, store: Store, event: ShopEvent, *, tools: Tools) -> tuple[CallbackOutcome, str, str]:
    try:
        report = event.read()
        if report is None:
            return CallbackOutcome.IGNORED, "", "Nothing in it that reviews need."
        with put_apart(session, store):
            return _put_in(session, store, report, tools=tools)
    except ReportRefused as refused:
        return CallbackOutcome.REFUSED, "", str(refused)


def _put_in(
    session: Session, store: Store, report: OrderReport | ProductReport | MailReport | PrivacyReport, *, tools: Tools
) -> tuple[CallbackOutcome, str, str]:
    if isinstance(report, OrderReport):
        return _order(session, store, report, clock=tools.clock)
    if isinstance(report, MailReport):
        return _mail(session, store, report, clock=tools.clock)
    if isinstance(report, PrivacyReport):
        done = take_privacy_report(session, store, report, tools=tools)
        return CallbackOutcome.TAKEN, SUBJECTS[report.wish], done
    return _product(session, store, report, clock=tools.clock)


def _order(session: Session, store: Store, report: OrderReport, *, clock: Clock) -> tuple[CallbackOutcome, str, str]:
    recorded = record_order(session, store, report, clock=clock)
    subject = f"Order {recorded.order.number if recorded.order else report.number or report.shop_id}"
    if recorded.lacking:
        return CallbackOutcome.WAITS, subject, f"Kept. It shows once we are told {recorded.lacking}."
    if not recorded.is_changed:
        return CallbackOutcome.NOTHING_NEW, subject, "We knew all of it already."
    return CallbackOutcome.TAKEN, subject, ""


def _mail(session: Session, store: Store, report: MailReport, *, clock: Clock) -> tuple[CallbackOutcome, str, str]:
    subject = "A mail that came back" if report.fate is MailFate.BOUNCED else "A mail marked as spam"
    if take_mail_report(session, store, report, clock=clock):
        return CallbackOutcome.TAKEN, subject, ""
    return CallbackOutcome.NOTHING_NEW, subject, "We knew it already, or know neither mail nor address."


def _product(
    session: Session, store: Store, report: ProductReport, *, clock: Clock
) -> tuple[CallbackOutcome, str, str]:
    recorded = record_product(session, store, report, clock=clock)
    subject = recorded.product.title if recorded.product else f"Product {report.title or report.shop_id}"
    if recorded.product is None:
        return CallbackOutcome.WAITS, subject, "Kept. It shows once we are told its title."
    if not recorded.is_changed:
        return CallbackOutcome.NOTHING_NEW, subject, "We knew all of it already."
    return CallbackOutcome.TAKEN, subject, ""
