"""What the holder of a link may do with the review they left: change it or delete it, until the link runs out."""

from uuid import UUID

from sqlalchemy.orm import Session

from reviews_app.models.review import Review, ReviewState
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.order_to_review import Standing, order_to_review
from reviews_app.services.edit_review import edit_review
from reviews_app.services.review_draft import ReviewDraft
from reviews_app.services.submit_by_link import LinkedProduct, lock_order
from reviews_app.services.tools import Tools
from reviews_app.services.withdraw_review import withdraw_review


def own_review(session: Session, linked: LinkedProduct, *, tools: Tools) -> Review:
    """The review of one product that this link's buyer left; raises LinkExpired, or NotFound without one."""
    linked.request.check(tools.clock())
    line = order_to_review(session, linked.request.order).line_of(linked.product_id)
    if line.standing is not Standing.REVIEWED or line.review is None:
        raise NotFound
    return line.review


def edit_by_link(
    session: Session,
    draft: ReviewDraft,
    *,
    linked: LinkedProduct,
    store: Store,
    dropped: frozenset[UUID] = frozenset(),
    tools: Tools,
) -> bool:
    """Change it; gives whether anything changed. Raises LinkExpired, NotFound or TooManyPictures."""
    review = _locked(session, linked, tools=tools)
    return edit_review(session, review, draft, store=store, dropped=dropped, clock=tools.clock)


def withdraw_by_link(session: Session, linked: LinkedProduct, *, tools: Tools) -> None:
    """Delete it for good. Raises LinkExpired, or NotFound when it was deleted before."""
    withdraw_review(session, _locked(session, linked, tools=tools), clock=tools.clock)


def _locked(session: Session, linked: LinkedProduct, *, tools: Tools) -> Review:
    """The order first, as everybody who writes by a link; then the review, as the merchant who decides about it."""
    lock_order(session, linked.request)
    review = own_review(session, linked, tools=tools)
    session.refresh(review, with_for_update={"of": Review})
    # By the link of another order it may have been deleted just now.
    if review.state is ReviewState.WITHDRAWN:
        raise NotFound
    return review
