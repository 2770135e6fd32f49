"""Reviews for the merchant: waiting, published, rejected; publish, reject with a kept reason, reply."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from reviews_app.db.database import session, transaction
from reviews_app.models.membership import StoreRole
from reviews_app.models.review import RejectionReason, ReviewAlreadyDecided, ReviewState, ReviewWithdrawn
from reviews_app.queries.find_review import find_review
from reviews_app.queries.moderation_list import last_review_came, moderation_page
from reviews_app.queries.review_delivery import delivery_of_review
from reviews_app.queries.review_history import review_history
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.reply_to_review import reply_to_review
from reviews_app.web.form_fields import AtMost, Writable, choice
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.choice_fields import OneOf
from reviews_app.web.tools import tools

REASONS = {
    RejectionReason.SPAM: "Spam or an advertisement",
    RejectionReason.NOT_ABOUT_PRODUCT: "Not about this product",
    RejectionReason.PERSONAL_DATA: "Holds somebody's personal data",
    RejectionReason.OFFENSIVE: "Insults or threatens somebody",
    RejectionReason.DUPLICATE: "Sent twice by the same person",
}
# Not to choose: the address's owner gave it.
GIVEN = {RejectionReason.NOT_THE_AUTHOR: "The owner of its address did not write it"}
LISTED = (ReviewState.PENDING, ReviewState.PUBLISHED, ReviewState.REJECTED)
LONGEST_REPLY = 3000


class RejectForm(FlaskForm):
    """One reason from the fixed list; stars are none."""

    reason = OneOf(
        "Why is it taken down?",
        "Choose a reason. It is kept with the review.",
        choices=[choice(str(reason), words) for reason, words in REASONS.items()],
    )


class ReplyForm(FlaskForm):
    """The public answer."""

    body = TextAreaField("Your reply", [Writable(), AtMost(LONGEST_REPLY)])


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
    return _review_page(me, review_id, RejectForm(), None), 200


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
    form = RejectForm()
    if not form.validate_on_submit():
        return _review_page(me, review_id, form, None), 422
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
        return _review_page(me, review_id, RejectForm(), form), 422
    with transaction() as writing:
        found = find_review(writing, me.store, review_id)
        reply_to_review(writing, found, body=form.body.data or "", clock=tools().clock)
    flash("Your reply is saved." if (form.body.data or "").strip() else "Your reply is gone.", "ok")
    return redirect(url_for(".review", store=me.store.slug, review_id=review_id), 303)


def _words(refused: ReviewAlreadyDecided, otherwise: str) -> str:
    return "Its author deleted it." if isinstance(refused, ReviewWithdrawn) else otherwise


def _review_page(me: Member, review_id: UUID, rejecting: RejectForm, replying: ReplyForm | None) -> str:
    found = find_review(session(), me.store, review_id)
    replying = replying or ReplyForm(body=found.reply.body if found.reply else "")
    return render_template(
        "merchant/review.html",
        review=found,
        rejecting=rejecting,
        replying=replying,
        reasons=REASONS | GIVEN,
        history=review_history(session(), me.store, found),
        delivery=delivery_of_review(session(), me.store, found),
    )
