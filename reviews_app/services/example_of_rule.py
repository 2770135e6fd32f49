"""What a rule would do with an order delivered today, reckoned by the planner itself."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reviews_app.lib.ids import new_id
from reviews_app.lib.local_hour import at_hour
from reviews_app.models.order import ConsentBasis
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.store import Store
from reviews_app.queries.order_facts import OrderFacts
from reviews_app.services.plan_of_order import first_day


@dataclass(frozen=True, slots=True)
class RuleExample:
    """Moments in UTC for a buyer in the store's own zone: the mail and its reminders, each way an order goes."""

    delivered: datetime
    reminders: tuple[datetime, ...]
    left: datetime
    abroad: datetime


def example_of_rule(rule: RequestRule, *, store: Store, now: datetime) -> RuleExample:
    """For an order delivered today, one that left today, and one that left for abroad today."""
    zone = ZoneInfo(store.time_zone)
    left = OrderFacts(
        order_id=new_id(),
        customer_id=new_id(),
        country_code=store.home_country,
        time_zone=store.time_zone,
        placed_at=now,
        fulfilled_at=now,
        delivered_at=None,
        is_cancelled=False,
        is_empty=False,
        is_kept=True,
        has_unnamed_refund=False,
        consent_basis=ConsentBasis.OPT_IN,
    )

    def due(facts: OrderFacts) -> datetime:
        return at_hour(first_day(facts, rule, store=store, zone=zone), rule.hour, zone)

    first = due(replace(left, delivered_at=now))
    after = (first.astimezone(zone).date() + timedelta(days=rule.reminder_days * n) for n in (1, 2))
    reminders = tuple(at_hour(day, rule.hour, zone) for day in after)[: rule.reminders]
    # Two letters nobody lives in stand for every other country.
    return RuleExample(first, reminders, due(left), due(replace(left, country_code="ZZ")))
