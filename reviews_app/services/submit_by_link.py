"""Saves a review left by a link: verified, once for each product of the order."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.order import OrderLine
from reviews_app.models.review import Review, Source
from reviews_app.models.review_request import ReviewRequest, ReviewRequestUse
from reviews_app.models.store import Store
from reviews_app.services.review_draft import ReviewDraft
from reviews_app.services.submit_review import Proof, submit_review
from reviews_app.services.tools import Tools


def submit_by_link(
    session: Session, draft: ReviewDraft, *, request: ReviewRequest, line: OrderLine, store: Store, tools: Tools
) -> Review:
    """Save the review and spend the link for this product, in one transaction.

    The same form again gives its review back. Raises LinkUsed or LinkExpired otherwise.
    """
    now = tools.clock()
    # The lock makes the second of two parallel posts wait, and then see what the first did.
    session.refresh(request, attribute_names=["uses", "expires_at"], with_for_update={"of": ReviewRequest})
    known = session.scalar(select(Review).where(Review.store_id == store.id, Review.form_id == draft.form_id))
    if known is not None:
        return known
    request.check(line.product_id, now)
    review = submit_review(
        session,
        draft,
        store=store,
        product=line.product,
        source=Source.REVIEW_REQUEST_EMAIL,
        clock=tools.clock,
        make_id=tools.make_id,
        proof=Proof(request.order),
    )
    session.add(
        ReviewRequestUse(
            store_id=store.id,
            request_id=request.id,
            product_id=line.product_id,
            review_id=review.id,
            used_at=now,
        )
    )
    session.flush()
    return review
