"""What a store offers for a review just now."""

from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, joinedload

from reviews_app.models.coupon import Coupon, CouponCode
from reviews_app.models.order import Order
from reviews_app.models.review import Source
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.reward import Reward, RewardState, occasion_of_order
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.models.store import Store

LINK = Source.REVIEW_REQUEST_EMAIL
WHOLE = [joinedload(one) for one in (RewardTerms.text_coupon, RewardTerms.photo_coupon, RewardTerms.video_coupon)]
# Asked for with every form that opens: written once.
NEWEST = (
    select(RewardTerms)
    .where(RewardTerms.store_id == bindparam("store_id"))
    .order_by(RewardTerms.version.desc())
    .limit(1)
    .options(*WHOLE)
)


def newest_terms(session: Session, store_id: UUID) -> RewardTerms | None:
    """The rule as it stands; None where none was ever saved."""
    return session.scalar(NEWEST, {"store_id": store_id})


def offered_terms(session: Session, store_id: UUID, source: Source) -> RewardTerms | None:
    """The rule while it makes offers by this door: nothing new is promised once a code of any kind has run out."""
    terms = newest_terms(session, store_id)
    if terms is None or not terms.is_on or not terms.covers(source) or not terms.coupons:
        return None
    return terms if all(has_codes(session, coupon) for coupon in terms.coupons) else None


def terms_for_order(session: Session, order: Order, *, store: Store) -> RewardTerms | None:
    """What a request for this order offers: what an earlier one promised, else what is offered now; once earned, none.

    So a reminder, or a link sent anew, takes no promise back.
    """
    if has_earned(session, order):
        return None
    promised = (
        select(ReviewRequest.terms_id)
        .where(ReviewRequest.order_id == order.id, ReviewRequest.terms_id.is_not(None))
        .order_by(ReviewRequest.created_at.desc(), ReviewRequest.id.desc())
    )
    terms_id = session.scalar(promised.limit(1))
    return terms_of(session, store.id, terms_id) if terms_id else offered_terms(session, store.id, LINK)


def terms_of(session: Session, store_id: UUID, terms_id: UUID) -> RewardTerms | None:
    """One version of this store's rule; None for any other id."""
    found = select(RewardTerms).where(RewardTerms.store_id == store_id, RewardTerms.id == terms_id)
    return session.scalar(found.options(*WHOLE))


def has_codes(session: Session, coupon: Coupon) -> bool:
    """Whether a code is free that nobody waits for."""
    free = exists().where(CouponCode.coupon_id == coupon.id, CouponCode.given_at.is_(None))
    owed = exists().where(Reward.coupon_id == coupon.id, Reward.state == RewardState.OWED)
    return bool(session.scalar(select(free & ~owed)))


def has_earned(session: Session, order: Order) -> bool:
    """Whether this order's one code is given or owed already."""
    occasion = occasion_of_order(order.id)
    given = select(Reward.id).where(Reward.store_id == order.store_id, Reward.occasion == occasion)
    return session.scalar(given) is not None
