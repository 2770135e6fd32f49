"""A store's coupons and how many codes each has left."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.models.coupon import Coupon, CouponCode
from reviews_app.models.reward import Reward, RewardState
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound


@dataclass(frozen=True, slots=True)
class CouponStock:
    """A coupon with its codes: free, given, and owed beyond those."""

    coupon: Coupon
    left: int
    given: int
    owed: int


def coupons_of(session: Session, store: Store) -> Sequence[Coupon]:
    """The store's coupons, the oldest first."""
    mine = select(Coupon).where(Coupon.store_id == store.id)
    return session.scalars(mine.order_by(Coupon.created_at, Coupon.id)).all()


def find_coupon(session: Session, store: Store, coupon_id: UUID) -> Coupon:
    """One of the store's coupons; raises NotFound."""
    found = session.scalar(select(Coupon).where(Coupon.store_id == store.id, Coupon.id == coupon_id))
    if found is None:
        raise NotFound
    return found


def coupon_stock(session: Session, store: Store) -> list[CouponStock]:
    """Each coupon with its counts: three statements whatever their number."""
    is_free = CouponCode.given_at.is_(None)
    codes = select(CouponCode.coupon_id, is_free, func.count()).where(CouponCode.store_id == store.id)
    counted = {(row[0], bool(row[1])): row[2] for row in session.execute(codes.group_by(CouponCode.coupon_id, is_free))}
    waiting = select(Reward.coupon_id, func.count()).where(
        Reward.store_id == store.id, Reward.state == RewardState.OWED
    )
    owed = {row[0]: row[1] for row in session.execute(waiting.group_by(Reward.coupon_id))}
    return [
        CouponStock(one, counted.get((one.id, True), 0), counted.get((one.id, False), 0), owed.get(one.id, 0))
        for one in coupons_of(session, store)
    ]
