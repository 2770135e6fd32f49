from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.coupon import Coupon
from reviews_app.models.review import Review
from reviews_app.models.reward import Reward
from reviews_app.models.reward_terms import MailedWhen, RewardTerms
from reviews_app.models.store import Store
from reviews_app.services.add_codes import add_codes
from reviews_app.services.add_coupon import add_coupon
from reviews_app.services.save_reward_terms import RewardRule, save_reward_terms
from reviews_app.services.tools import Tools

FIVE_OFF = "$5 off your next order"


def make_coupon(session: Session, store: Store, *codes: str, tools: Tools, description: str = FIVE_OFF) -> Coupon:
    """A coupon with these codes in its pool."""
    coupon = add_coupon(session, store, description, tools=tools)
    add_codes(session, coupon, codes, tools=tools)
    return coupon


def make_terms(
    session: Session, store: Store, coupon: Coupon | None = None, *, tools: Tools, **changes: Any
) -> RewardTerms:
    """A rule that is on for both doors and mails at once; the coupon is for every review."""
    values: dict[str, Any] = {
        "is_on": True,
        "for_links": True,
        "for_button": True,
        "mailed": MailedWhen.SUBMITTED,
        "text_coupon_id": coupon.id if coupon else None,
    }
    return save_reward_terms(session, store, RewardRule(**(values | changes)), tools=tools)


def reward_of(session: Session, review: Review) -> Reward | None:
    """As its row stands."""
    found = select(Reward).where(Reward.review_id == review.id)
    return session.scalar(found.execution_options(populate_existing=True))
