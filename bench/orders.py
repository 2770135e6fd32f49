"""Orders by the thousand, inserted past the services: what is measured comes after them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.customer import Customer
from reviews_app.models.order import Order, OrderLine

ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo", None)


def buyer(number: int) -> str:
    """Every fiftieth has the same provider."""
    return f"b{number}@host{number % 50}.example"


def insert_orders(
    writing: Session, store_id: UUID, product_id: UUID, numbers: Iterable[int], *, now: datetime
) -> list[UUID]:
    """One order a person, in six zones, all left a day ago; gives their ids."""
    ids = [(number, new_id(), new_id()) for number in numbers]
    people = [
        {
            "id": person,
            "store_id": store_id,
            "email": buyer(n),
            "email_key": buyer(n),
            "name": "Ann Lee",
            "created_at": now,
        }
        for n, person, _ in ids
    ]
    bought = [
        {"id": order, "store_id": store_id, "customer_id": person, "shop_id": str(n), "number": f"#{n}"}
        | {"country_code": "US", "time_zone": ZONES[n % len(ZONES)], "placed_at": now - timedelta(days=2)}
        | {"fulfilled_at": now - timedelta(days=1), "changed_at": now}
        for n, person, order in ids
    ]
    writing.execute(insert(Customer), people)
    writing.execute(insert(Order), bought)
    writing.execute(
        insert(OrderLine), [{"store_id": store_id, "order_id": order, "product_id": product_id} for _, _, order in ids]
    )
    return [order for _, _, order in ids]
