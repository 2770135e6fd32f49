"""Many waiting reviews at once: copies of one that was left by the door, each with ids of its own."""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.delivery import Delivery, DeliveryKind, event_id
from reviews_app.models.product import Product
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from tests.factories.review import leave_review

AT_ONCE = 1000


def make_backlog(session: Session, store: Store, product: Product, count: int, *, now: datetime) -> None:
    """So many reviews of one product that wait for the store's Kustomer."""
    leave_review(session, store, product, clock=lambda: now)
    session.flush()
    review = _row(session, Review.__table__, store)  # type: ignore[arg-type]
    delivery = _row(session, Delivery.__table__, store)  # type: ignore[arg-type]
    for done in range(1, count, AT_ONCE):
        ids = [new_id() for _ in range(min(AT_ONCE, count - done))]
        session.connection().execute(
            insert(Review), [review | {"id": one, "form_id": one.hex, "email_key": one.hex} for one in ids]
        )
        rows = [
            delivery
            | {
                "id": event_id(delivery["destination_id"], one, DeliveryKind.LEFT),
                "review_id": one,
                "subject_id": one,
            }
            for one in ids
        ]
        session.connection().execute(insert(Delivery), rows)


def _row(session: Session, table: Table, store: Store) -> dict[str, Any]:
    found = session.execute(select(table).where(table.c.store_id == store.id).limit(1)).mappings().one()
    return dict(found)
