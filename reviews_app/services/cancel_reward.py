"""Takes a promise back when its review goes: what was mailed by then stays given."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.review import Review
from reviews_app.models.reward import Reward


def cancel_reward(session: Session, review: Review, *, now: datetime) -> None:
    """No code comes of this review any more. Locked, so that nobody gives one at this moment."""
    found = select(Reward).where(Reward.review_id == review.id).with_for_update(of=Reward)
    reward = session.scalar(found.execution_options(populate_existing=True))
    if reward is not None:
        reward.cancel(now)
