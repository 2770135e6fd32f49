"""An author changes their review: id, date and votes stay, the earlier words are kept for the merchant."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.detect_language import detect_language
from reviews_app.lib.people import display_name
from reviews_app.models.media import Media
from reviews_app.models.product import Product
from reviews_app.models.review import Review, ReviewAnswer, ReviewState
from reviews_app.models.review_version import ReviewVersion
from reviews_app.models.store import Store
from reviews_app.services.answer_attributes import answers_for
from reviews_app.services.let_go_of_media import let_go_of_media
from reviews_app.services.review_draft import ReviewDraft
from reviews_app.services.roll_up_ratings import count_in, count_out
from reviews_app.services.stage_picture import TooManyPictures
from reviews_app.services.submit_review import composed, sentiment_of, take_pictures


def edit_review(
    session: Session,
    review: Review,
    draft: ReviewDraft,
    *,
    store: Store,
    dropped: frozenset[UUID] = frozenset(),
    clock: Clock,
) -> bool:
    """Give the review its new words and pictures; gives whether anything changed at all. Raises TooManyPictures.

    It shows again by the store's setting of now. Nothing is sent and nothing earned: whoever had the review keeps the
    first one. `dropped` are pictures of this review to take away; any other id does nothing.
    """
    draft = composed(draft)
    product = review.product
    was_shown = review.state is ReviewState.PUBLISHED
    answers = answers_for(session, draft.answers, review=review, product=product)
    pictures = [one for one in review.media if one.id in dropped]
    is_new = _words(draft, product) != _words_of(review) or _given(answers) != _given(review.answers)
    if was_shown:
        count_out(session, review)
    has_new_pictures = _change_pictures(session, review, draft, pictures)
    # What stays was counted when the new ones came; meanwhile another form may have brought some, or less goes.
    if has_new_pictures and sum(one.takes_place for one in review.media) > store.most_media:
        raise TooManyPictures
    if is_new:
        _keep_earlier_words(session, review, now=clock())
        _give_words(session, review, draft, store=store, answers=answers)
    if is_new or has_new_pictures or pictures:
        review.edited(clock(), shows=store.publishes_at_once)
    session.flush()
    if review.state is ReviewState.PUBLISHED:
        count_in(session, review)
    return is_new or has_new_pictures or bool(pictures)


def _words(draft: ReviewDraft, product: Product) -> tuple[object, ...]:
    variant = product.variant(draft.variant_id)
    shown = draft.display_name or display_name(draft.name)
    stars = (draft.rating, draft.is_recommended, variant.id if variant else None)
    return (*stars, draft.title, draft.body, draft.name, shown, draft.country_code)


def _words_of(review: Review) -> tuple[object, ...]:
    stars = (review.rating, review.is_recommended, review.variant_id)
    return (*stars, review.title, review.body, review.name, review.display_name, review.country_code)


def _given(answers: list[ReviewAnswer]) -> list[tuple[UUID, object]]:
    return sorted(((one.attribute_id, one.value) for one in answers), key=lambda given: given[0])


def _keep_earlier_words(session: Session, review: Review, *, now: datetime) -> None:
    version = ReviewVersion(
        store_id=review.store_id,
        review_id=review.id,
        rating=review.rating,
        title=review.title,
        body=review.body,
        is_recommended=review.is_recommended,
        display_name=review.display_name,
        answers=[[one.title, one.shown] for one in review.answers],
        written_at=review.edited_at or review.created_at,
        replaced_at=now,
    )
    session.add(version)


def _give_words(
    session: Session, review: Review, draft: ReviewDraft, *, store: Store, answers: list[ReviewAnswer]
) -> None:
    variant = review.product.variant(draft.variant_id)
    review.rating = draft.rating
    review.is_recommended = draft.is_recommended
    review.sentiment = sentiment_of(draft.rating, is_recommended=draft.is_recommended)
    review.title, review.body, review.name = draft.title, draft.body, draft.name
    review.display_name = draft.display_name or display_name(draft.name)
    review.country_code = draft.country_code
    review.variant_id = variant.id if variant else None
    review.language_code = detect_language(
        f"{draft.title} {draft.body}", among=store.languages, otherwise=draft.page_language
    )
    for answer in review.answers:
        session.delete(answer)
    # A question has one answer a review: the old one leaves before the new one comes.
    session.flush()
    session.expire(review, ["answers"])
    review.answers = answers


def _change_pictures(session: Session, review: Review, draft: ReviewDraft, dropped: list[Media]) -> bool:
    """Take pictures away and new ones in; gives whether new ones came."""
    let_go_of_media(dropped)
    session.flush()
    taken = take_pictures(session, review, draft.form_id, but=draft.taken_back)
    session.expire(review, ["media"])
    review.has_media = review.has_shown_media
    return bool(taken)
