"""Keeps what a review was promised, in the transaction that saves the review."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.media import Media, MediaKind, MediaState
from reviews_app.models.review import Review
from reviews_app.models.reward import Reward, RewardState
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.services.give_reward import settle_reward
from reviews_app.services.tools import Tools


def promise_reward(
    session: Session, review: Review, terms: RewardTerms, *, is_proven: bool, page_language: str, tools: Tools
) -> Reward | None:
    """The reward of a new review under the terms frozen for it, given at once when nothing is left to wait for.

    None when the terms have nothing for a review like this. It is made with the review or never: an edit earns nothing.
    """
    kinds = set(
        session.scalars(select(Media.kind).where(Media.review_id == review.id, Media.state != MediaState.FAILED))
    )
    coupon = terms.earned(has_photo=MediaKind.IMAGE in kinds, has_video=MediaKind.VIDEO in kinds)
    if coupon is None:
        return None
    reward = Reward(
        id=tools.make_id(),
        store_id=review.store_id,
        terms_id=terms.id,
        coupon_id=coupon.id,
        state=RewardState.UNCONFIRMED,
        is_proven=is_proven,
        language_code=page_language,
        created_at=tools.clock(),
    )
    review.reward = reward
    session.flush()
    settle_reward(session, review, reward, tools=tools)
    return reward
