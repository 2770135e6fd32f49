"""The time between two requests to one person of a store, each about another order."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from reviews_app.lib.local_hour import at_hour
from reviews_app.models.order import Order
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.store import Store
from reviews_app.queries.mails_lately import last_asked
from reviews_app.services.plan_of_order import zone_of_buyer


def cooled_at(session: Session, order: Order, rule: RequestRule, *, store: Store, now: datetime) -> datetime | None:
    """When the order's buyer may be asked again, at the rule's hour by their clock; None when they may be now."""
    last = last_asked(session, order)
    if last is None:
        return None
    zone = zone_of_buyer(order, store)
    cooled = at_hour(last.astimezone(zone).date() + timedelta(days=rule.cooldown_days), rule.hour, zone)
    return cooled if cooled > now else None
