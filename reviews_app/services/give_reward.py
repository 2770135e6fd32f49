"""Gives what was promised as soon as nothing stands in the way: one code for each person and order."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.lib.sealed import SealBroken
from reviews_app.mail.environment import MailUnwritable
from reviews_app.mail.message import AddressRefused, compose
from reviews_app.mail.reward_code import reward_code
from reviews_app.models.coupon import CouponCode
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.reward import Reward, RewardState, occasion_of_order, occasion_of_person
from reviews_app.models.reward_terms import MailedWhen, RewardTerms
from reviews_app.models.store import Store
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.store_letter import envelope, letterhead
from reviews_app.services.tools import Tools
from reviews_app.services.warn_of_few_codes import warn_of_few_codes

MOST = 200

log = structlog.get_logger()


def settle_reward(session: Session, review: Review, reward: Reward, *, tools: Tools) -> None:
    """Move a reward as far as it can go now; the code's mail is a row of the same transaction. Twice is once."""
    if not reward.is_open:
        return
    if not reward.is_proven:
        reward.state = RewardState.UNCONFIRMED
    elif reward.occasion is None and _waits_for_publishing(session, review, reward):
        reward.state = RewardState.UNPUBLISHED
    elif reward.occasion is None and not _take_occasion(session, review, reward):
        reward.state = RewardState.GIVEN_BEFORE
        reward.settled_at = tools.clock()
    else:
        _give(session, review, reward, tools=tools)
    session.flush()


def give_rewards(session: Session, *, tools: Tools, coupon_id: UUID | None = None) -> int:
    """Give what was owed once codes have come, and what waited for its review to be published; gives how many.

    Of all stores, or of one coupon alone.
    """
    free = exists().where(CouponCode.coupon_id == Reward.coupon_id, CouponCode.given_at.is_(None))
    due = or_(
        and_(Reward.state == RewardState.OWED, free),
        and_(Reward.state == RewardState.UNPUBLISHED, Review.state == ReviewState.PUBLISHED),
    )
    rows = select(Reward, Review).join(Review, Review.id == Reward.review_id).where(due)
    if coupon_id is not None:
        rows = rows.where(Reward.coupon_id == coupon_id)
    oldest_first = rows.order_by(Reward.coupon_id, Reward.created_at, Reward.id).limit(MOST)
    found = session.execute(oldest_first.with_for_update(skip_locked=True, of=Reward)).all()
    for reward, review in found:
        settle_reward(session, review, reward, tools=tools)
    return len(found)


def _waits_for_publishing(session: Session, review: Review, reward: Reward) -> bool:
    terms = session.get_one(RewardTerms, reward.terms_id)
    return terms.mailed is MailedWhen.PUBLISHED and review.state is not ReviewState.PUBLISHED


def _take_occasion(session: Session, review: Review, reward: Reward) -> bool:
    """Whether this is the first for its person and order; the constraint is the wall behind this."""
    occasion = (
        occasion_of_order(review.order_id)
        if review.order_id is not None
        else occasion_of_person(review.store_id, review.email_key)
    )
    wait_for_others(session, f"reward of {review.store_id} for {occasion}")
    taken = select(Reward.id).where(Reward.store_id == review.store_id, Reward.occasion == occasion)
    if session.scalar(taken) is not None:
        return False
    reward.occasion = occasion
    return True


def _give(session: Session, review: Review, reward: Reward, *, tools: Tools) -> None:
    """A code and its mail; without a free code it stays owed."""
    reward.state = RewardState.OWED
    code = _free_code(session, reward)
    if code is None:
        return
    try:
        mail = _mail(session, review, reward, words=tools.keyring.open(code.code), tools=tools)
    except SealBroken as broken:
        log.error("a reward is owed: its code cannot be opened", reward=str(reward.id), cause=str(broken))
        return
    except MailUnwritable as broken:
        log.error("a reward is owed: its mail cannot be written", reward=str(reward.id), cause=str(broken))
        return
    except AddressRefused:
        reward.cancel(tools.clock())
        return
    _hand_over(reward, code, mail, now=tools.clock())
    session.flush()
    warn_of_few_codes(session, reward.coupon, tools=tools)


def _free_code(session: Session, reward: Reward) -> CouponCode | None:
    free = select(CouponCode).where(CouponCode.coupon_id == reward.coupon_id, CouponCode.given_at.is_(None))
    return session.scalar(free.order_by(CouponCode.id).limit(1).with_for_update(skip_locked=True))


def _hand_over(reward: Reward, code: CouponCode, mail: OutgoingMail, *, now: datetime) -> None:
    code.given_at = now
    reward.code_id = code.id
    reward.mail_id = mail.id
    reward.state = RewardState.SENT
    reward.settled_at = now


def _mail(session: Session, review: Review, reward: Reward, *, words: str, tools: Tools) -> OutgoingMail:
    store = session.get_one(Store, review.store_id)
    content = reward_code(
        letterhead(session, store, language=reward.language_code, addresses=tools.addresses),
        product=review.product.title,
        description=reward.coupon.description,
        code=words,
        link=tools.addresses.catalogue(store.slug),
    )
    message = compose(
        envelope(session, store, review.email, tools=tools), content, clock=tools.clock, make_id=tools.make_id
    )
    return queue_mail(session, message, kind=MailKind.REWARD, store_id=store.id, tools=tools)
