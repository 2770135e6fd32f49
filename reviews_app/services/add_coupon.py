"""Adds a kind of coupon to a store."""

import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.coupon import Coupon
from reviews_app.models.store import Store
from reviews_app.services.tools import Tools


class CouponKnown(Exception):
    """The store has a coupon with these words."""


def add_coupon(session: Session, store: Store, description: str, *, tools: Tools) -> Coupon:
    """A coupon without codes; the words stand in a sentence, so no point ends them. Raises CouponKnown."""
    words = " ".join(unicodedata.normalize("NFC", description).split()).rstrip(" .")
    same = select(Coupon.id).where(Coupon.store_id == store.id, Coupon.description == words)
    if session.scalar(same) is not None:
        raise CouponKnown
    coupon = Coupon(id=tools.make_id(), store_id=store.id, description=words, created_at=tools.clock())
    session.add(coupon)
    session.flush()
    return coupon
