"""Takes the answer of an address's owner: theirs, with badge and reward, or not theirs, and off the page."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.mail.review_notice import disowned_notice
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.review import Review, ReviewState, ReviewWithdrawn
from reviews_app.models.review_confirmation import Authorship, ReviewConfirmation
from reviews_app.models.reward import Reward
from reviews_app.models.store import Store
from reviews_app.services.cancel_reward import cancel_reward
from reviews_app.services.give_reward import settle_reward
from reviews_app.services.mail_owners import mail_owners
from reviews_app.services.one_voice import wait_for_their_voice
from reviews_app.services.roll_up_ratings import count_in, count_out
from reviews_app.services.tools import Tools


def answer_confirmation(session: Session, asked: ReviewConfirmation, answer: Authorship, *, tools: Tools) -> None:
    """Keep the answer and what follows from it; the same answer again changes nothing.

    Raises ConfirmationAnswered, ConfirmationExpired, or ReviewWithdrawn.
    """
    wait_for_their_voice(session, product_id=asked.review.product_id, email=asked.review.email)
    review = asked.review
    session.refresh(review, with_for_update={"of": Review})
    session.refresh(asked, with_for_update={"of": ReviewConfirmation})
    if review.state is ReviewState.WITHDRAWN:
        raise ReviewWithdrawn
    if not asked.answer_with(answer, tools.clock()):
        return
    was_shown = review.state is ReviewState.PUBLISHED
    if was_shown:
        count_out(session, review)
    if answer is Authorship.MINE:
        _prove(session, asked, tools=tools)
    else:
        _disown(session, asked, tools=tools)
    session.flush()
    if was_shown and review.state is ReviewState.PUBLISHED:
        count_in(session, review)


def _prove(session: Session, asked: ReviewConfirmation, *, tools: Tools) -> None:
    review, order = asked.review, asked.order
    if order is not None and any(line.product_id == review.product_id for line in order.kept_lines):
        review.prove(order.id, is_repeat=_has_proven_voice(session, review, order))
    session.flush()
    reward = session.scalar(select(Reward).where(Reward.review_id == review.id).with_for_update(of=Reward))
    if reward is not None:
        reward.is_proven = True
        settle_reward(session, review, reward, tools=tools)


def _has_proven_voice(session: Session, review: Review, order: Order) -> bool:
    """Whether this buyer's voice for the product counts already, by a link or by an earlier yes."""
    theirs = select(Review.id).where(
        Review.store_id == review.store_id,
        Review.product_id == review.product_id,
        Review.email_key == review.email_key,
        Review.is_verified,
        Review.id != review.id,
    )
    of_order = select(Review.id).where(
        Review.order_id == order.id, Review.product_id == review.product_id, Review.id != review.id
    )
    return session.scalar(theirs.union(of_order).limit(1)) is not None


def _disown(session: Session, asked: ReviewConfirmation, *, tools: Tools) -> None:
    review = asked.review
    review.disown(tools.clock())
    cancel_reward(session, review, now=tools.clock())
    store = session.get_one(Store, review.store_id)
    content = disowned_notice(
        store_name=store.name,
        product=review.product.title,
        link=tools.addresses.merchant_review(store.slug, review.id),
    )
    mail_owners(session, store, content, kind=MailKind.REVIEW_NOTICE, tools=tools)
