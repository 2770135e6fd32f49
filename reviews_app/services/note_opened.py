"""Notes that a mail was opened, for a merchant who counts it. Nothing else ever reads it to decide anything."""

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.mail_brand import mail_brand


def counts_opens(session: Session, store: Store) -> bool:
    """Whether the store's merchant turned it on."""
    return mail_brand(session, store).style.counts_opens


def note_opened(request: ReviewRequest, *, clock: Clock) -> None:
    """The first time alone."""
    request.opened_at = request.opened_at or clock()
