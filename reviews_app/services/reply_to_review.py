"""The merchant's public answer beneath a review."""

import unicodedata

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.review import Review, ReviewReply


def reply_to_review(session: Session, review: Review, *, body: str, clock: Clock) -> None:
    """Write the answer, or word it anew; an empty text takes it away."""
    # Two people answering at once: the second words anew what the first wrote.
    session.refresh(review, attribute_names=["state", "reply"], with_for_update={"of": Review})
    text = unicodedata.normalize("NFC", body.replace("\r\n", "\n")).strip()
    if not text:
        if review.reply is not None:
            session.delete(review.reply)
            review.reply = None
    elif review.reply is not None:
        review.reply.body = text
    else:
        review.reply = ReviewReply(store_id=review.store_id, review_id=review.id, body=text, created_at=clock())
    session.flush()
