"""Changes when a store asks, switches asking on and off, and stops all mail at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.not_sent import NotSent
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.request_rule import RequestRule, RequestWait, default_rule
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.queries.request_rule import find_rule
from reviews_app.services.take_turn import take_turn


@dataclass(frozen=True, slots=True)
class RuleDetails:
    """Checked values of the rule's sentence."""

    days_after_delivery: int
    days_after_fulfilment: int
    days_abroad: int
    hour: int
    reminders: int
    reminder_days: int
    link_days: int
    cooldown_days: int
    asks_for_photo: bool
    photo_days: int


def save_rule(
    session: Session,
    store: Store,
    details: RuleDetails,
    *,
    is_on: bool,
    waits: Mapping[UUID, int],
    clock: Clock,
) -> RequestRule:
    """What is planned follows by the next sweep. Switched on, it asks for orders that leave from now on.

    Switched off, what was planned is settled as not sent; only what buyers wished for stays.
    """
    take_turn(session, store)
    rule = _kept_rule(session, store)
    for name, value in asdict(details).items():
        setattr(rule, name, value)
    rule.changed_at = clock()
    if is_on and not rule.is_on:
        rule.on_since, rule.swept_at = clock(), None
    if not is_on and rule.is_on:
        rule.on_since = None
        _settle_all(session, store, clock=clock)
    session.execute(delete(RequestWait).where(RequestWait.store_id == store.id))
    for product_id, days in waits.items():
        session.add(RequestWait(store_id=store.id, product_id=product_id, days=days))
    session.flush()
    return rule


def stop_all_mail(session: Session, store: Store, *, clock: Clock) -> None:
    """Nothing that asks leaves from now on, mails already queued included; all of it stays planned."""
    rule = _kept_rule(session, store)
    rule.stopped_at = rule.stopped_at or clock()
    session.flush()


def let_mail_go_on(session: Session, store: Store) -> None:
    """What is due goes out at the next hour that suits."""
    _kept_rule(session, store).stopped_at = None
    session.flush()


def reckon_anew(session: Session, store: Store, *, clock: Clock) -> None:
    """The store's zone or country changed: the sweep plans again what waits."""
    rule = find_rule(session, store)
    if rule is not None:
        rule.changed_at = clock()


def _kept_rule(session: Session, store: Store) -> RequestRule:
    rule = find_rule(session, store)
    if rule is None:
        rule = default_rule(store.id)
        session.add(rule)
    return rule


def _settle_all(session: Session, store: Store, *, clock: Clock) -> None:
    planned = update(PlannedMail).where(
        PlannedMail.store_id == store.id,
        PlannedMail.state == PlannedState.PLANNED,
        PlannedMail.kind != Asking.LATER,
    )
    values = {"state": PlannedState.NOT_SENT, "reason": NotSent.SWITCHED_OFF, "settled_at": clock()}
    session.execute(planned.values(values).execution_options(synchronize_session="fetch"))
