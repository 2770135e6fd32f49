"""Saves a review: the one service behind both doors."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.lib.clock import Clock
from reviews_app.lib.detect_language import detect_language
from reviews_app.lib.ids import NewId, new_id
from reviews_app.lib.people import display_name, email_key
from reviews_app.models.media import Media, MediaState
from reviews_app.models.order import Order
from reviews_app.models.product import Product
from reviews_app.models.review import Review, ReviewState, Sentiment, Source
from reviews_app.models.store import Store
from reviews_app.queries.find_review import review_of_form
from reviews_app.services.answer_attributes import answers_for
from reviews_app.services.one_voice import wait_for_their_voice
from reviews_app.services.plan_delivery import plan_delivery
from reviews_app.services.review_draft import ReviewDraft
from reviews_app.services.roll_up_ratings import count_in
from reviews_app.services.staged_pictures import STAGED_TO_KEEP, let_go_of_staged

THEIRS = (
    select(Review.id)
    .where(Review.product_id == bindparam("product_id"), Review.email_key == bindparam("email_key"))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Proof:
    """The order a review link stands for: what earns the badge."""

    order: Order


def submit_review(
    session: Session,
    draft: ReviewDraft,
    *,
    store: Store,
    product: Product,
    source: Source,
    clock: Clock,
    make_id: NewId = new_id,
    proof: Proof | None = None,
) -> Review:
    """Save a review with its answers, pictures, counts and delivery; the caller's transaction commits all or nothing.

    The same form sent twice gives the first review back. A second review of one product from one
    address by the button waits for the merchant whatever the store's setting, and says nothing of it.
    """
    # The second of two posts of one form waits here, and then finds the first; the constraint is the wall behind this.
    wait_for_others(session, f"form {draft.form_id}")
    known = review_of_form(session, store, draft.form_id)
    if known is not None:
        return known
    now = clock()
    draft = composed(draft)
    review = _new_review(session, draft, store=store, product=product, source=source, now=now)
    review.id = make_id()
    if proof is not None:
        review.order_id = proof.order.id
        review.is_verified = True
    review.answers = answers_for(session, draft.answers, review=review, product=product)
    session.add(review)
    session.flush()
    take_pictures(session, review, draft.form_id, but=draft.taken_back)
    if review.state is ReviewState.PUBLISHED:
        count_in(session, review)
    plan_delivery(session, review, now=now)
    return review


def sentiment_of(rating: int, *, is_recommended: bool | None) -> Sentiment:
    """4-5 positive, 3 neutral, 1-2 negative; mixed where stars and recommendation contradict each other."""
    if (rating >= 4 and is_recommended is False) or (rating <= 2 and is_recommended is True):
        return Sentiment.MIXED
    if rating == 3:
        return Sentiment.NEUTRAL
    return Sentiment.POSITIVE if rating > 3 else Sentiment.NEGATIVE


def composed(draft: ReviewDraft) -> ReviewDraft:
    """The texts as they are kept: NFC, one kind of line break, no blanks around them."""

    def nfc(text: str) -> str:
        return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()

    return replace(
        draft,
        title=nfc(draft.title),
        body=nfc(draft.body),
        name=" ".join(nfc(draft.name).split()),
        email=nfc(draft.email),
        display_name=" ".join(nfc(draft.display_name or "").split()) or None,
        answers=tuple(
            replace(one, value=nfc(one.value)) if isinstance(one.value, str) else one for one in draft.answers
        ),
    )


def take_pictures(session: Session, review: Review, form_id: str, *, but: frozenset[str] = frozenset()) -> list[Media]:
    """Tie the pictures staged by a form to the review, behind those it has; gives them.

    Those with keys in `but` were taken back and go: one may have arrived since the form was read.
    """
    staged = session.scalars(STAGED_TO_KEEP, {"store_id": review.store_id, "form_id": form_id}).all()
    for late in [one for one in staged if one.upload_key in but]:
        let_go_of_staged(session, late)
    pictures = [one for one in staged if one.upload_key not in but]
    if not pictures:
        return []
    last = session.scalar(select(func.max(Media.position)).where(Media.review_id == review.id))
    start = 0 if last is None else last + 1
    for place, picture in enumerate(pictures, start):
        picture.review_id = review.id
        picture.position = place
    review.has_media = review.has_media or any(one.state is not MediaState.FAILED for one in pictures)
    session.flush()
    return pictures


def _new_review(
    session: Session, draft: ReviewDraft, *, store: Store, product: Product, source: Source, now: datetime
) -> Review:
    repeat = source is Source.WRITE_REVIEW_BUTTON and _has_spoken(session, product, draft.email)
    shows = store.publishes_at_once and not repeat and not draft.is_suspect
    variant = product.variant(draft.variant_id)
    return Review(
        store_id=store.id,
        product_id=product.id,
        variant_id=variant.id if variant else None,
        form_id=draft.form_id,
        rating=draft.rating,
        title=draft.title,
        body=draft.body,
        is_recommended=draft.is_recommended,
        name=draft.name,
        display_name=draft.display_name or display_name(draft.name),
        email=draft.email,
        email_key=email_key(draft.email),
        country_code=draft.country_code,
        language_code=detect_language(
            f"{draft.title} {draft.body}", among=store.languages, otherwise=draft.page_language
        ),
        sentiment=sentiment_of(draft.rating, is_recommended=draft.is_recommended),
        source=source,
        state=ReviewState.PUBLISHED if shows else ReviewState.PENDING,
        is_repeat=repeat,
        is_suspect=draft.is_suspect,
        created_at=now,
        decided_at=now if shows else None,
        # Known to have none yet: nobody needs to ask the database.
        reward=None,
    )


def _has_spoken(session: Session, product: Product, email: str) -> bool:
    wait_for_their_voice(session, product_id=product.id, email=email)
    return session.scalar(THEIRS, {"product_id": product.id, "email_key": email_key(email)}) is not None
