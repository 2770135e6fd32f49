"""What a test of deliveries looks at."""

from collections.abc import Callable

from sqlalchemy import select

from reviews_app.db.database import session as reading
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.destination import Destination

Send = Callable[[], int]
Leave = Callable[[int], list[Delivery]]


def fresh(row: Delivery) -> Delivery:
    """The row as it stands now."""
    reading().rollback()
    return reading().get_one(Delivery, row.id)


def destination() -> Destination:
    """The one destination as it stands now."""
    reading().rollback()
    return reading().scalars(select(Destination)).one()


def attempts() -> list[tuple[int, int | None, str]]:
    """Every try: its number, the status, the outcome."""
    rows = reading().scalars(select(Attempt).order_by(Attempt.started_at, Attempt.n))
    return [(row.n, row.status, row.outcome) for row in rows]


def states() -> list[DeliveryState]:
    """Where every delivery stands, the oldest first."""
    reading().rollback()
    return [row.state for row in reading().scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id))]
