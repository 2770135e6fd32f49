"""One review whole, with the forms of what may be done to it."""

from typing import Self

from flask import render_template
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from reviews_app.db.database import session
from reviews_app.models.media import Media
from reviews_app.models.media_hiding import HidingReason
from reviews_app.models.review import RejectionReason, Review
from reviews_app.models.review_confirmation import Authorship
from reviews_app.queries.find_media import hidings_of
from reviews_app.queries.review_delivery import delivery_of_review
from reviews_app.queries.review_history import review_history
from reviews_app.queries.shown_media import as_shown
from reviews_app.web.form_fields import AtMost, Writable, choice
from reviews_app.web.guards import Member
from reviews_app.web.merchant.choice_fields import OneOf
from reviews_app.web.review_form.picture_words import words_of_failure

REASONS = {
    RejectionReason.SPAM: "Spam or an advertisement",
    RejectionReason.NOT_ABOUT_PRODUCT: "Not about this product",
    RejectionReason.PERSONAL_DATA: "Holds somebody's personal data",
    RejectionReason.OFFENSIVE: "Insults or threatens somebody",
    RejectionReason.DUPLICATE: "Sent twice by the same person",
}
# To choose only once the address's owner has said so.
GIVEN = {RejectionReason.NOT_THE_AUTHOR: "The owner of its address did not write it"}
HIDING_REASONS = {
    HidingReason.PERSONAL_DATA: "Shows a person or their data without need",
    HidingReason.OFFENSIVE: "Insults, frightens or is not decent",
    HidingReason.NOT_ABOUT_PRODUCT: "Does not show this product",
    HidingReason.NOT_THEIR_OWN: "Is somebody else's picture",
    HidingReason.ADVERTISEMENT: "Is an advertisement",
}
LONGEST_REPLY = 3000


class RejectForm(FlaskForm):
    """One reason from the fixed list; stars are none."""

    reason = OneOf(
        "Why is it taken down?",
        "Choose a reason. It is kept with the review.",
        choices=[choice(str(reason), words) for reason, words in REASONS.items()],
    )


def reject_form(me: Member, found: Review) -> RejectForm:
    """With the reason that the address's owner gave, where one did."""
    form = RejectForm()
    asked = review_history(session(), me.store, found).confirmation
    if asked is not None and asked.answer is Authorship.NOT_MINE:
        form.reason.choices = [choice(str(reason), words) for reason, words in (GIVEN | REASONS).items()]
    return form


class ReplyForm(FlaskForm):
    """The public answer."""

    body = TextAreaField("Your reply", [Writable(), AtMost(LONGEST_REPLY)])


class HideForm(FlaskForm):
    """One reason from the fixed list, for one picture; several of these forms stand on one page."""

    reason = OneOf(
        "Why is it hidden?",
        "Choose a reason. It is kept with the picture.",
        choices=[choice(str(reason), words) for reason, words in HIDING_REASONS.items()],
    )

    @classmethod
    def of(cls, media: Media) -> Self:
        """The form of one picture."""
        return cls(prefix=f"hide-{media.id.hex}-")


def review_page(
    me: Member,
    found: Review,
    *,
    rejecting: RejectForm | None = None,
    replying: ReplyForm | None = None,
    hiding: HideForm | None = None,
) -> str:
    """The page; a form that was refused brings its words along."""
    forms = {one.id: HideForm.of(one) for one in found.media}
    if hiding is not None:
        forms = {row_id: hiding if form._prefix == hiding._prefix else form for row_id, form in forms.items()}
    return render_template(
        "merchant/review.html",
        review=found,
        rejecting=rejecting or reject_form(me, found),
        replying=replying or ReplyForm(body=found.reply.body if found.reply else ""),
        hiding=hiding,
        reasons=REASONS | GIVEN,
        hide_forms=forms,
        shown={one.id: as_shown(one, found, number=one.position + 1) for one in found.media if one.renditions},
        hidings=hidings_of(session(), me.store, found),
        hiding_reasons=HIDING_REASONS,
        why_failed={one.id: words_of_failure(one.trouble, me.store) for one in found.media},
        history=review_history(session(), me.store, found),
        delivery=delivery_of_review(session(), me.store, found),
    )
