"""The forms of the page of rewards."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from reviews_app.models.coupon import Coupon
from reviews_app.models.reward_terms import MailedWhen, RewardTerms
from reviews_app.services.save_reward_terms import RewardRule
from reviews_app.web.form_fields import AtMost, Needed, Writable, choice, values_of
from reviews_app.web.merchant.choice_fields import OneOf

LINK, BUTTON = "link", "button"
MOST_DESCRIPTION = 120
MOST_MADE = 5000
PREFIX = re.compile(r"[A-Za-z0-9-]{0,20}")


class RuleForm(FlaskForm):
    """The rule, as one sentence with fields in it."""

    enabled = BooleanField("Give coupons for reviews")
    text = SelectField("A review earns", choices=[], validate_choice=False)
    photo = SelectField("With a photo it earns", choices=[], validate_choice=False)
    video = SelectField("With a video it earns", choices=[], validate_choice=False)
    doors = SelectMultipleField(
        "Whose reviews",
        choices=[
            choice(LINK, "Buyers who come by a mailed link"),
            choice(BUTTON, "Anybody who uses the button, once their address is confirmed"),
        ],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    mailed = OneOf(
        "The code is mailed",
        "Choose when the code is mailed.",
        choices=[
            choice(MailedWhen.SUBMITTED, "When the review is sent"),
            choice(MailedWhen.PUBLISHED, "When the review is published"),
        ],
    )

    def validate_text(self, field: Field) -> None:
        """A rule that is on gives something."""
        chosen = (self.text.data, self.photo.data, self.video.data)
        if self.enabled.data and not any(chosen):
            raise ValidationError(
                "Choose a coupon for reviews, photos or videos. Without one there is nothing to give."
            )

    def validate_doors(self, field: Field) -> None:
        """A rule that is on is for somebody."""
        if self.enabled.data and not field.data:
            raise ValidationError("Choose whose reviews earn a coupon.")

    def rule(self) -> RewardRule:
        """What the service takes; only after the form was valid."""
        doors: Any = self.doors.data or []
        return RewardRule(
            is_on=bool(self.enabled.data),
            for_links=LINK in doors,
            for_button=BUTTON in doors,
            mailed=MailedWhen(self.mailed.data),
            text_coupon_id=_id(self.text.data),
            photo_coupon_id=_id(self.photo.data),
            video_coupon_id=_id(self.video.data),
        )


class CouponForm(FlaskForm):
    """A new kind of coupon."""

    description = StringField(
        "What it gives", [Needed("Say what the coupon gives."), Writable(), AtMost(MOST_DESCRIPTION)]
    )


class CodesForm(FlaskForm):
    """Codes from the shop."""

    file = FileField("File of codes")


class MakeForm(FlaskForm):
    """Codes made here."""

    prefix = StringField("Beginning with", [Writable()])
    count = StringField("How many", [Needed("Say how many codes to make.")])

    def validate_prefix(self, field: Field) -> None:
        """What shops take in a code."""
        field.data = (field.data or "").strip().rstrip("-")
        if not PREFIX.fullmatch(field.data):
            raise ValidationError("Up to 20 letters, digits and hyphens.")

    def validate_count(self, field: Field) -> None:
        """A number of codes."""
        text = (field.data or "").strip()
        if not text.isascii() or not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= MOST_MADE:
            raise ValidationError(f"A number from 1 to {MOST_MADE}.")


def rule_sent(coupons: Sequence[Coupon]) -> RuleForm:
    """The rule as it was sent."""
    return _offering(RuleForm(), coupons)


def rule_form(coupons: Sequence[Coupon], terms: RewardTerms | None) -> RuleForm:
    """The rule as it stands, whichever form of the page was sent; a coupon the store does not have is no choice."""
    doors = [
        name for name, is_on in ((LINK, not terms or terms.for_links), (BUTTON, terms and terms.for_button)) if is_on
    ]
    form = RuleForm(
        # The page has other forms: a request of theirs says nothing of this one.
        formdata=None,
        enabled=bool(terms and terms.is_on),
        text=str(terms.text_coupon_id or "") if terms else "",
        photo=str(terms.photo_coupon_id or "") if terms else "",
        video=str(terms.video_coupon_id or "") if terms else "",
        doors=doors,
        mailed=str(terms.mailed if terms else MailedWhen.SUBMITTED),
    )
    return _offering(form, coupons)


def _offering(form: RuleForm, coupons: Sequence[Coupon]) -> RuleForm:
    named = [choice(str(one.id), one.description) for one in coupons]
    for field, nothing in ((form.text, "nothing"), (form.photo, "the same"), (form.video, "the same")):
        field.choices = [choice("", nothing), *named]
        if field.data not in values_of(field):
            field.data = ""
    return form


def _id(text: Any) -> UUID | None:
    return UUID(text) if text else None
