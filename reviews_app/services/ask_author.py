"""Asks the owner of an address whether a review of the button is theirs: one mail a review."""

from datetime import timedelta

import structlog
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.lib.email_address import mailbox_key
from reviews_app.lib.sealed import SealBroken
from reviews_app.lib.tokens import new_token, token_hash
from reviews_app.mail.confirmation import confirmation
from reviews_app.mail.environment import MailUnwritable
from reviews_app.mail.message import AddressRefused, compose
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.review import Review
from reviews_app.models.review_confirmation import ReviewConfirmation
from reviews_app.models.reward import Reward, RewardState
from reviews_app.models.store import Store
from reviews_app.queries.mails_lately import free_again
from reviews_app.queries.order_by_address import order_by_address
from reviews_app.services.may_mail import why_not
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.store_letter import envelope, letterhead
from reviews_app.services.tools import Tools

LASTS = timedelta(days=30)
MOST = 100

log = structlog.get_logger()


def ask_author(
    session: Session, review: Review, *, store: Store, page_language: str, tools: Tools
) -> ReviewConfirmation | None:
    """Queue the question, once, when something hangs on it: an order that holds the product, or a promised reward.

    None when nothing does, when the address may not be asked, or was often enough today: a promised reward asks later.
    """
    order = order_by_address(session, review)
    if (order is None and review.reward is None) or _was_asked(session, review):
        return None
    now = tools.clock()
    if why_not(session, store=store, address=review.email, now=now) is not None:
        return None
    # Anybody can write anybody's address into the form: no store's mails to it are more than this, together.
    mailbox = mailbox_key(review.email)
    wait_for_others(session, f"mails to {mailbox}")
    if free_again(session, mailbox, now=now) is not None:
        return None
    token = new_token()
    mail = _queued(session, review, store=store, token=token, language=page_language, tools=tools)
    if mail is None:
        return None
    asked = ReviewConfirmation(
        id=tools.make_id(),
        store_id=store.id,
        review_id=review.id,
        order_id=order.id if order else None,
        mail_id=mail.id,
        token_hash=token_hash(token),
        language_code=page_language,
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(asked)
    session.flush()
    return asked


def ask_authors(session: Session, *, tools: Tools) -> int:
    """Ask who could not be asked when they left their review and were promised something; gives how many."""
    asked = exists().where(ReviewConfirmation.review_id == Reward.review_id)
    rows = (
        select(Reward, Review, Store)
        .join(Review, Review.id == Reward.review_id)
        .join(Store, Store.id == Reward.store_id)
        .where(Reward.state == RewardState.UNCONFIRMED, ~asked)
        # By chance, so that addresses that got enough today stand in nobody's way.
        .order_by(func.random())
        .limit(MOST)
        .with_for_update(skip_locked=True, of=Reward)
    )
    # One order for all who take several: of two that wait for each other, one would be undone and run again.
    found = sorted(session.execute(rows).all(), key=lambda row: mailbox_key(row[1].email))
    return sum(
        ask_author(session, review, store=store, page_language=reward.language_code, tools=tools) is not None
        for reward, review, store in found
    )


def _was_asked(session: Session, review: Review) -> bool:
    return session.scalar(select(ReviewConfirmation.id).where(ReviewConfirmation.review_id == review.id)) is not None


def _queued(
    session: Session, review: Review, *, store: Store, token: str, language: str, tools: Tools
) -> OutgoingMail | None:
    """Nothing the review's author typed stands in the mail: it must not carry a stranger's words to anybody."""
    try:
        content = confirmation(
            letterhead(session, store, language=language, addresses=tools.addresses),
            product=review.product.title,
            reward=review.reward.coupon.description if review.reward else "",
            link=tools.addresses.confirmation(token),
        )
        to_owner = envelope(session, store, mailbox_key(review.email), tools=tools)
        message = compose(to_owner, content, clock=tools.clock, make_id=tools.make_id)
        return queue_mail(session, message, kind=MailKind.CONFIRMATION, store_id=store.id, tools=tools)
    except (AddressRefused, MailUnwritable, SealBroken) as failure:
        # The review counts more than the question about it.
        log.warning("an author could not be asked", review=str(review.id), cause=type(failure).__name__)
        return None
