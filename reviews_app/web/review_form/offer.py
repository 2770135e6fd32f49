"""What an opened form promised: a signed field, so that a later change of the rule breaks no promise and no row is
written by a look."""

from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from reviews_app.models.reward_terms import RewardTerms
from reviews_app.web.review_form.form_id import FormId, read_form_id

SALT = "review-offer"
LONGEST = 300


def signed_offer(terms: RewardTerms | None, *, signed_form_id: str) -> str:
    """The terms for the form of this id alone; empty without an offer."""
    if terms is None:
        return ""
    return str(_serializer().dumps([read_form_id(signed_form_id).value, terms.id.hex]))


def offered_id(signed: str, form_id: FormId | None) -> UUID | None:
    """Which terms the form was opened with; whatever was not signed here for this form counts as none."""
    try:
        of_form, terms_id = _serializer().loads(signed[:LONGEST])
        return UUID(terms_id) if form_id is not None and of_form == form_id.value else None
    except (BadSignature, ValueError, TypeError, AttributeError):
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=SALT)
