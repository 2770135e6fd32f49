"""Did you write this? The page behind a mailed question: a look changes nothing, a press of a button does."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from reviews_app.db.database import transaction
from reviews_app.models.review import ReviewState, ReviewWithdrawn
from reviews_app.models.review_confirmation import Authorship, ConfirmationAnswered, ConfirmationExpired
from reviews_app.queries.find_confirmation import FoundConfirmation, find_confirmation
from reviews_app.queries.review_list import shown_review
from reviews_app.services.answer_confirmation import answer_confirmation
from reviews_app.web.guards import by_link
from reviews_app.web.page_language import choose_language
from reviews_app.web.review_links.blueprint import confirmations
from reviews_app.web.review_links.by_token import by_token
from reviews_app.web.tools import tools

ANSWERS = {"yes": Authorship.MINE, "no": Authorship.NOT_MINE}


class AnswerForm(FlaskForm):
    """Nothing but the token against foreign pages; each answer has an address of its own."""


@confirmations.get("")
@by_link
def question(token: str) -> ResponseReturnValue:
    """The review and the question, or what was answered."""
    return _page(token, _open(token))


@confirmations.post("/<any(yes,no):answer>")
@by_link
def take_answer(token: str, answer: str) -> ResponseReturnValue:
    """Keep the answer; twice is once, and another answer than the first is not taken."""
    found = _open(token)
    if not AnswerForm().validate_on_submit():
        return _page(token, found, is_stale=True)
    try:
        with transaction() as writing:
            answer_confirmation(writing, found.asked, ANSWERS[answer], tools=tools())
    except (ConfirmationAnswered, ConfirmationExpired, ReviewWithdrawn):
        # The page says how it stands.
        pass
    return redirect(url_for(".question", token=token), 303)


def _open(token: str) -> FoundConfirmation:
    found = by_token(find_confirmation, token)
    choose_language(found.store, found.asked.language_code)
    return found


def _page(token: str, found: FoundConfirmation, *, is_stale: bool = False) -> ResponseReturnValue:
    asked = found.asked
    is_gone = asked.review.state is ReviewState.WITHDRAWN
    has_run_out = asked.answer is None and tools().clock() >= asked.expires_at
    page = render_template(
        "review_links/confirm.html",
        shop=found.store,
        asked=asked,
        token=token,
        product=asked.review.product,
        shown=None if is_gone else shown_review(asked.review, found.store),
        has_run_out=has_run_out,
        form=AnswerForm(formdata=None),
        is_stale=is_stale,
    )
    return page, 422 if is_stale else 410 if is_gone or has_run_out else 200
