"""How the demo stands: what was left, what Kustomer has, what waits, what is lost."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.queries.delivery_counts import DeliveryCounts, delivery_counts
from reviews_app.sandbox.outside_line import KustomerNow, OutsideAway, OutsideLine

DEMO = "demo"
NOTHING = DeliveryCounts(left=0, delivered=0, waiting=0, held=0, failed=0, cancelled=0, lost=0)


@dataclass(frozen=True, slots=True)
class Standing:
    """The live line. Without an answer from Kustomer the last two are unknown."""

    left: int
    waiting: int
    gave_up: int
    kustomer_has: int | None
    lost: int | None
    repeats: int = 0

    @property
    def line(self) -> str:
        """As one line."""
        has = "?" if self.kustomer_has is None else self.kustomer_has
        lost = "?" if self.lost is None else self.lost
        parts = [f"left {self.left}", f"Kustomer has {has}", f"waiting {self.waiting}", f"lost {lost}"]
        if self.gave_up:
            parts.append(f"gave up {self.gave_up}")
        return " · ".join(parts)


def read_standing(session: Session, kustomer: OutsideLine) -> tuple[Standing, KustomerNow | None]:
    """Ours is read before Kustomer's: what arrives in between is never taken for lost."""
    ours = counts_of_demo(session)
    waiting, gave_up = ours.waiting + ours.held, ours.failed
    try:
        now = kustomer.now()
    except OutsideAway:
        return Standing(ours.left, waiting, gave_up, kustomer_has=None, lost=None), None
    unseen = max(0, ours.delivered - now.reviews)
    standing = Standing(
        ours.left, waiting, gave_up, kustomer_has=now.reviews, lost=ours.lost + unseen, repeats=now.repeats
    )
    return standing, now


def counts_of_demo(session: Session) -> DeliveryCounts:
    """The demo store's deliveries; all zero until it is filled."""
    store_id = session.scalar(select(Store.id).where(Store.slug == DEMO))
    return delivery_counts(session, store_id) if store_id else NOTHING


def first_product(session: Session) -> str | None:
    """The handle of the product page to begin with, or None until the demo store is filled."""
    demo = select(Product.handle).join(Store, Product.store_id == Store.id).where(Store.slug == DEMO)
    return session.scalar(demo.order_by(Product.position, Product.id).limit(1))
