"""Saves a review left by the button: its author is not known, so badge and reward wait for their word by mail."""

from sqlalchemy.orm import Session

from reviews_app.models.product import Product
from reviews_app.models.review import Review, Source
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.models.store import Store
from reviews_app.services.ask_author import ask_author
from reviews_app.services.promise_reward import promise_reward
from reviews_app.services.review_draft import ReviewDraft
from reviews_app.services.submit_review import submit_review
from reviews_app.services.tools import Tools


def submit_by_button(
    session: Session, draft: ReviewDraft, *, store: Store, product: Product, terms: RewardTerms | None, tools: Tools
) -> Review:
    """Save it, keep what its form promised, and ask the owner of its address; the same form again is the same review.

    `terms` are those its form was opened with.
    """
    review = submit_review(
        session,
        draft,
        store=store,
        product=product,
        source=Source.WRITE_REVIEW_BUTTON,
        clock=tools.clock,
        make_id=tools.make_id,
    )
    language = draft.page_language
    if terms is not None and review.reward is None:
        promise_reward(session, review, terms, is_proven=False, page_language=language, tools=tools)
    ask_author(session, review, store=store, page_language=language, tools=tools)
    return review
