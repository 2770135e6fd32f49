"""A whole house for a test: a database, a real queue, a real Kustomer-like receiver, and reviews left in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.lib.clock import utc_now
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.queue import Queue, running_queue
from tests.fakes.receiver import Receiver, receiver


@dataclass
class House:
    """What a test holds in its hands."""

    app: Flask
    settings: Settings
    queue: Queue
    kustomer: Receiver

    def leave(self, count: int = 1) -> None:
        """Leave reviews as a shopper does: one transaction each, the bell rung after it."""
        with self.app.app_context():
            for _ in range(count):
                with transaction() as writing:
                    store = writing.scalars(select(Store)).one()
                    product = writing.scalars(select(Product)).one()
                    leave_review(writing, store, product, clock=utc_now)

    def states(self) -> dict[DeliveryState, int]:
        """How many deliveries stand where."""
        with self.app.app_context():
            rows = session().scalars(select(Delivery.state)).all()
        return {state: rows.count(state) for state in set(rows)}

    def all_delivered(self, count: int) -> bool:
        return self.states() == {DeliveryState.DELIVERED: count}

    def twice(self) -> int:
        """How many requests Kustomer took of events it had taken before."""
        taken = [one.event["eventId"] for one in self.kustomer.requests if one.answered == 200]
        return len(taken) - len(set(taken))


@contextmanager
def running_house(settings: Settings, *, unit: float = 0.05) -> Iterator[House]:
    """A house with the integration on; `unit` shortens the schedule's second."""
    with running_queue() as queue, receiver() as kustomer:
        own = settings.model_copy(
            update={
                "redis_url": queue.url,
                "kustomer_extra_origins": kustomer.origin,
                "delivery_time_unit": unit,
            }
        )
        app = create_app(own)
        with app.app_context(), transaction() as writing:
            store = make_store(writing)
            make_product(writing, store)
            make_destination(writing, store, api_url=kustomer.url)
        yield House(app, own, queue, kustomer)
        dispose_database(app)
