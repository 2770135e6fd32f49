"""A kind of coupon a store gives, and its codes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.sealed import Sealed
from reviews_app.models.base import Base, Identified, StoreOwned


class Coupon(Identified, StoreOwned, Base):
    """What a code of this kind gives, in the store's words: they never change, because promises repeat them.

    `low_told_at`: the merchant was told by mail that few codes are left; empty again once there are enough.
    """

    __tablename__ = "coupon"
    __table_args__ = (UniqueConstraint("store_id", "description"),)

    description: Mapped[str]
    created_at: Mapped[datetime]
    low_told_at: Mapped[datetime | None]


class CouponCode(Identified, StoreOwned, Base):
    """One code: sealed, given to one person at most. `fingerprint` tells a second of its kind apart."""

    __tablename__ = "coupon_code"
    __table_args__ = (
        UniqueConstraint("store_id", "fingerprint"),
        Index("ix_coupon_code_free", "coupon_id", "given_at", "id"),
    )

    coupon_id: Mapped[UUID] = mapped_column(ForeignKey("coupon.id"))
    code: Mapped[Sealed]
    fingerprint: Mapped[bytes]
    added_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
