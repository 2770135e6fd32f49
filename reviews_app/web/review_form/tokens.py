"""What an opened form has of its own. A kept form holds marks in their place; each visitor gets fresh ones."""

from dataclasses import astuple, dataclass
from secrets import token_hex

from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from reviews_app.models.reward_terms import RewardTerms
from reviews_app.web.review_form.form import ReviewForm
from reviews_app.web.review_form.form_id import new_form_id
from reviews_app.web.review_form.offer import signed_offer


@dataclass(frozen=True, slots=True)
class FormTokens:
    """The hidden fields that are another's in each opened form."""

    csrf: str
    form_id: str
    offer: str

    def put_on(self, form: ReviewForm) -> None:
        """Write them into a form that was not sent yet."""
        form.csrf_token.current_token = self.csrf
        form.form_id.data = self.form_id
        form.offer.data = self.offer


# Unguessable, another's in each process: no text on a form is taken for one.
MARKS = FormTokens(token_hex(16), token_hex(16), token_hex(16))


def fresh_tokens(terms: RewardTerms | None) -> FormTokens:
    """For this visitor and this one form, with the offer of this moment."""
    form_id = new_form_id()
    return FormTokens(generate_csrf(), form_id, signed_offer(terms, signed_form_id=form_id))


def filled(blank: bytes, tokens: FormTokens) -> bytes:
    """A form that was written with MARKS, with these tokens instead."""
    for mark, token in zip(astuple(MARKS), astuple(tokens), strict=True):
        blank = blank.replace(mark.encode(), escape(token).encode())
    return blank
