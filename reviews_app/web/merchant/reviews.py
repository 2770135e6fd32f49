"""Reviews for the merchant: waiting, published, rejected; publish, reject with a kept reason, reply."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.models.membership import StoreRole
from reviews_app.models.review import RejectionReason, ReviewAlreadyDecided, ReviewState, ReviewWithdrawn
from reviews_app.queries.find_review import find_review
from reviews_app.queries.moderation_list import last_review_came, moderation_page
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.reply_to_review import reply_to_review
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.review_page import ReplyForm, reject_form, review_page
from reviews_app.web.tools import tools

LISTED = (ReviewState.PENDING, ReviewState.PUBLISHED, ReviewState.REJECTED)


@merchant.get("/<store>/reviews")
@member(StoreRole.VIEWER)
def reviews(me: Member) -> ResponseReturnValue:
    """One state's reviews, the oldest waiting first."""
    asked = request.args.get("state", "")
    state = ReviewState(asked) if asked in set(LISTED) else ReviewState.PENDING
    page = moderation_page(session(), me.store, state=state, after=request.args.get("after", ""))
    last = None if page.rows else last_review_came(session(), me.store)
    return render_template("merchant/reviews.html", page=page, state=state, states=LISTED, last_came=last)


@merchant.get("/<store>/reviews/<uuid:review_id>")
@member(StoreRole.VIEWER)
def review(me: Member, review_id: UUID) -> ResponseReturnValue:
    """One review whole, and what may be done with it."""
    return review_page(me, find_review(session(), me.store, review_id))


@merchant.post("/<store>/reviews/<uuid:review_id>/publish")
@member(StoreRole.MODERATOR)
def publish(me: Member, review_id: UUID) -> ResponseReturnValue:
    """Show it."""
    require_action()
    try:
        with transaction() as writing:
            publish_review(writing, find_review(writing, me.store, review_id), clock=tools().clock)
        flash("Published.", "ok")
    except ReviewAlreadyDecided as refused:
        flash(_words(refused, "Somebody published it before you."), "info")
    return redirect(url_for(".review", store=me.store.slug, review_id=review_id), 303)


@merchant.post("/<store>/reviews/<uuid:review_id>/reject")
@member(StoreRole.MODERATOR)
def reject(me: Member, review_id: UUID) -> ResponseReturnValue:
    """Take it down with a kept reason."""
    form = reject_form(me, found := find_review(session(), me.store, review_id))
    if not form.validate_on_submit():
        return review_page(me, found, rejecting=form), 422
    try:
        with transaction() as writing:
            found = find_review(writing, me.store, review_id)
            reject_review(writing, found, reason=RejectionReason(form.reason.data), clock=tools().clock)
        flash("Rejected. The reason is kept with it.", "ok")
    except ReviewAlreadyDecided as refused:
        flash(_words(refused, "Somebody rejected it before you."), "info")
    return redirect(url_for(".review", store=me.store.slug, review_id=review_id), 303)


@merchant.post("/<store>/reviews/<uuid:review_id>/reply")
@member(StoreRole.MODERATOR)
def reply(me: Member, review_id: UUID) -> ResponseReturnValue:
    """Answer beneath the review; an empty answer takes it away."""
    form = ReplyForm()
    if not form.validate_on_submit():
        return review_page(me, find_review(session(), me.store, review_id), replying=form), 422
    with transaction() as writing:
        found = find_review(writing, me.store, review_id)
        reply_to_review(writing, found, body=form.body.data or "", clock=tools().clock)
    flash("Your reply is saved." if (form.body.data or "").strip() else "Your reply is gone.", "ok")
    return redirect(url_for(".review", store=me.store.slug, review_id=review_id), 303)


def _words(refused: ReviewAlreadyDecided, otherwise: str) -> str:
    return "Its author deleted it." if isinstance(refused, ReviewWithdrawn) else otherwise
