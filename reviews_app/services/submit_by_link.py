"""Saves a review left by a link: verified, one voice for each product a person bought."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from reviews_app.models.line_wish import LineWish
from reviews_app.models.order import Order
from reviews_app.models.review import Review, Source
from reviews_app.models.review_request import LinkUsed, ProductGivenBack, ReviewRequest, ReviewRequestUse
from reviews_app.models.store import Store
from reviews_app.queries.order_to_review import LineToReview, Standing, order_to_review
from reviews_app.queries.reward_offer import has_earned
from reviews_app.services.one_voice import wait_for_their_voice
from reviews_app.services.plan_follow_ups import plan_photo
from reviews_app.services.promise_reward import promise_reward
from reviews_app.services.review_draft import ReviewDraft
from reviews_app.services.submit_review import Proof, submit_review
from reviews_app.services.tools import Tools


@dataclass(frozen=True, slots=True)
class LinkedProduct:
    """One product of a request's order."""

    request: ReviewRequest
    product_id: UUID


def submit_by_link(
    session: Session, draft: ReviewDraft, *, linked: LinkedProduct, store: Store, tools: Tools
) -> Review:
    """Save the review and spend the link for this product, in one transaction.

    The same form again gives its review back. Raises LinkUsed, LinkExpired, ProductGivenBack or NotFound otherwise.
    """
    request = linked.request
    lock_order(session, request)
    known = session.scalar(select(Review).where(Review.store_id == store.id, Review.form_id == draft.form_id))
    if known is not None:
        return known
    wait_for_their_voice(session, product_id=linked.product_id, email=request.order.customer.email)
    line = open_line(session, linked, tools=tools)
    review = submit_review(
        session,
        draft,
        store=store,
        product=line.line.product,
        source=Source.REVIEW_REQUEST_EMAIL,
        clock=tools.clock,
        make_id=tools.make_id,
        proof=Proof(request.order),
    )
    session.add(
        ReviewRequestUse(
            store_id=store.id,
            request_id=request.id,
            product_id=linked.product_id,
            review_id=review.id,
            used_at=tools.clock(),
        )
    )
    if request.terms is not None and not has_earned(session, request.order):
        language = draft.page_language
        promise_reward(session, review, request.terms, is_proven=True, page_language=language, tools=tools)
    wish = delete(LineWish).where(LineWish.order_id == request.order_id, LineWish.product_id == linked.product_id)
    session.execute(wish)
    request.started_at = request.started_at or tools.clock()
    plan_photo(session, request.order, review, store=store, now=tools.clock())
    session.flush()
    return review


def open_line(session: Session, linked: LinkedProduct, *, tools: Tools) -> LineToReview:
    """The product's line while it may be reviewed; raises LinkExpired, LinkUsed, ProductGivenBack or NotFound."""
    linked.request.check(tools.clock())
    line = order_to_review(session, linked.request.order).line_of(linked.product_id)
    if line.standing is Standing.GIVEN_BACK:
        raise ProductGivenBack
    if not line.may_be_reviewed:
        raise LinkUsed
    return line


def lock_order(session: Session, request: ReviewRequest) -> None:
    """The second of two parallel posts waits, and then sees what the first did; several links of one order as one."""
    session.refresh(request, attribute_names=["expires_at"])
    session.refresh(request.order, attribute_names=["number"], with_for_update={"of": Order})
