"""For when an order's request is planned, and what stands in its way already."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reviews_app.lib.country_zone import main_zone
from reviews_app.lib.local_hour import at_hour, next_hour, zone_of
from reviews_app.models.consent_law import may_ask
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.store import Store
from reviews_app.queries.order_facts import OrderFacts


@dataclass(frozen=True, slots=True)
class Plan:
    """The moment in UTC, and the reason for which nothing will go out then, if one is known today."""

    due_at: datetime
    reason: NotSent | None


def plan_of(facts: OrderFacts, rule: RequestRule, *, store: Store, now: datetime) -> Plan | None:
    """The plan of an order; None when the rule does not speak of it: it has not left, or left before the rule was on.

    What is due in the past is planned for the next time that hour comes.
    """
    if rule.on_since is None or facts.fulfilled_at is None or facts.fulfilled_at < rule.on_since:
        return None
    zone = zone_of_buyer(facts, store)
    due = at_hour(first_day(facts, rule, store=store, zone=zone), rule.hour, zone)
    return Plan(due if due >= now else next_hour(now, rule.hour, zone), why_not_of(facts, store=store))


def first_day(facts: OrderFacts, rule: RequestRule, *, store: Store, zone: ZoneInfo) -> date:
    """The local day of the buyer the request is for: the slowest product of the order decides."""
    began = facts.delivered_at or facts.fulfilled_at
    if began is None:
        raise ValueError("an order that has not left has no day")
    is_abroad = (facts.country_code or store.home_country) != store.home_country
    days = max(
        rule.wait_days(is_delivered=facts.delivered_at is not None, is_abroad=is_abroad, chosen=chosen)
        for chosen in facts.waits or {None}
    )
    return began.astimezone(zone).date() + timedelta(days=days)


def zone_of_buyer(order: OrderFacts | Order, store: Store) -> ZoneInfo:
    """The order's own zone, else that of most people in its country, else the store's."""
    return zone_of(order.time_zone, main_zone(order.country_code), store.time_zone)


def why_not_of(facts: OrderFacts, *, store: Store) -> NotSent | None:
    """What the order itself says against asking."""
    if facts.is_cancelled:
        return NotSent.CANCELLED
    if facts.is_empty:
        return NotSent.EMPTY
    if not facts.is_kept:
        return NotSent.GIVEN_BACK
    if facts.has_unnamed_refund:
        return NotSent.UNCLEAR_REFUND
    if may_ask(facts.consent_basis, facts.country_code or store.home_country):
        return None
    return NotSent.CONSENT_REFUSED if facts.consent_basis is ConsentBasis.REFUSED else NotSent.NO_CONSENT
