"""What a store's reviews were promised, the newest first, paged by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from reviews_app.models.outgoing_mail import MailState
from reviews_app.models.review import Review
from reviews_app.models.reward import Reward
from reviews_app.models.store import Store
from reviews_app.queries.page_by_key import older

PAGE = 25


@dataclass(frozen=True, slots=True)
class RewardRow:
    """A reward with its review; `came_back`: its mail was refused for good."""

    reward: Reward
    review: Review

    @property
    def came_back(self) -> bool:
        """Whether the code never reached its reader."""
        mail = self.reward.mail
        return mail is not None and mail.state in {MailState.FAILED, MailState.CANCELLED}


@dataclass(frozen=True, slots=True)
class RewardPage:
    """Rows, and the id to go on after."""

    rows: Sequence[RewardRow]
    next_after: UUID | None


def reward_page(session: Session, store: Store, *, after: str) -> RewardPage:
    """25 of them; what is no id of this store begins at the start."""
    mine = select(Reward, Review).join(Review, Review.id == Reward.review_id).where(Reward.store_id == store.id)
    last = _last(session, store, after)
    if last is not None:
        mine = mine.where(older(Reward.created_at, Reward.id, than=(last.created_at, last.id)))
    parts = (joinedload(Reward.coupon), joinedload(Reward.mail), joinedload(Review.product))
    newest_first = mine.options(*parts).order_by(Reward.created_at.desc(), Reward.id.desc())
    found = session.execute(newest_first.limit(PAGE + 1)).all()
    rows = [RewardRow(reward, review) for reward, review in found]
    return RewardPage(rows[:PAGE], rows[PAGE - 1].reward.id if len(rows) > PAGE else None)


def _last(session: Session, store: Store, after: str) -> Reward | None:
    try:
        return session.scalar(select(Reward).where(Reward.store_id == store.id, Reward.id == UUID(after)))
    except ValueError:
        return None
