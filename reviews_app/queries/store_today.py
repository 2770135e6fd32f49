"""What Home says: who waits, what Kustomer has, what set-up is still open."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.models.destination import Destination, Mode
from reviews_app.models.order import Order
from reviews_app.models.product import Product
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.delivery_counts import DeliveryCounts, delivery_counts
from reviews_app.queries.has_left import has_left
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.queries.request_list import planned_between
from reviews_app.queries.request_rule import rule_of
from reviews_app.queries.span import span

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to set up, ticked from real state; `endpoint` is the page to do it on."""

    words: str
    endpoint: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class StoreToday:
    """`oldest_waits` is a span in words such as "6 hours", empty when nothing waits.

    `asked` counts the requests of the last 7 days, `due_tomorrow` those planned for the store's next day.
    `healed_at` is set for a day after Kustomer works again.
    """

    pending: int
    oldest_waits: str
    last_came: str
    asked: int
    due_tomorrow: int
    is_stopped: bool
    counts: DeliveryCounts
    mode: Mode | None
    reason_detail: str
    healed_at: datetime | None
    steps: tuple[Step, ...]


def store_today(session: Session, store: Store, *, now: datetime) -> StoreToday:
    """A handful of counts."""
    waiting = (Review.store_id == store.id, Review.state == ReviewState.PENDING)
    pending, oldest = session.execute(select(func.count(), func.min(Review.created_at)).where(*waiting)).one()
    last = session.scalar(select(func.max(Review.created_at)).where(Review.store_id == store.id))
    destination = session.scalar(select(Destination).where(Destination.store_id == store.id))
    return StoreToday(
        pending=pending,
        oldest_waits=span(oldest, now) if oldest else "",
        last_came=span(last, now) if last else "",
        asked=_asked(session, store, since=now - LATELY),
        due_tomorrow=_due_tomorrow(session, store, now=now),
        is_stopped=rule_of(session, store).is_stopped,
        counts=delivery_counts(session, store.id),
        mode=destination.mode if destination else None,
        reason_detail=destination.reason_detail if destination else "",
        healed_at=destination.healed_at if destination and destination.is_just_healed(now) else None,
        steps=_steps(session, store, destination),
    )


def _asked(session: Session, store: Store, *, since: datetime) -> int:
    sent = select(func.count()).select_from(ReviewRequest).where(ReviewRequest.store_id == store.id, has_left())
    return session.scalar(sent.where(ReviewRequest.created_at > since)) or 0


def _due_tomorrow(session: Session, store: Store, *, now: datetime) -> int:
    zone = ZoneInfo(store.time_zone)
    day = now.astimezone(zone).date() + timedelta(days=1)
    begins, ends = (datetime.combine(one, time(), tzinfo=zone) for one in (day, day + timedelta(days=1)))
    return planned_between(session, store, begins, ends)


def _steps(session: Session, store: Store, destination: Destination | None) -> tuple[Step, ...]:
    def has(table: type[Product | Order | ReviewRequest]) -> bool:
        return session.scalar(select(table.id).where(table.store_id == store.id).limit(1)) is not None

    # A mail that asks for something names its sender's postal address: many countries want that by law.
    is_reachable = bool(store.reply_address and store.postal_address)
    is_on = destination is not None and destination.mode is not Mode.OFF
    has_arrived = destination is not None and destination.last_delivered_at is not None
    return (
        Step("Say how mails reach you: reply and postal address", "settings", is_reachable),
        Step("Add a product", "products", has(Product)),
        Step("Let orders come in", "order_sources", has(Order)),
        Step("Connect Kustomer", "kustomer", is_on),
        Step("See a test review arrive", "kustomer", has_arrived),
        Step("See that a test mail arrives", "emails", mail_brand(session, store).is_proven),
        Step("Say when to ask for reviews", "request_rule", rule_of(session, store).is_on or has(ReviewRequest)),
    )
