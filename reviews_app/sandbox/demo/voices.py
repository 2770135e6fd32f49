"""Leaves the demo's reviews as their authors did: through the service behind both doors, at the time they spoke."""

from io import BytesIO

from sqlalchemy.orm import Session

from reviews_app.media.storage import MediaStorage
from reviews_app.models.review import RejectionReason, Review, ReviewState, Source
from reviews_app.models.store import Publishing
from reviews_app.sandbox.demo import content
from reviews_app.sandbox.demo.shop import DemoShop
from reviews_app.services.decide_review import reject_review
from reviews_app.services.reply_to_review import reply_to_review
from reviews_app.services.review_draft import AnswerDraft, ReviewDraft
from reviews_app.services.stage_picture import stage_picture
from reviews_app.services.submit_review import Proof, submit_review


def leave_reviews(session: Session, shop: DemoShop, handle: str, *, storage: MediaStorage) -> list[Review]:
    """Every review of one product, the oldest first."""
    return [_leave(session, shop, handle, one, storage=storage) for one in reversed(content.reviews(handle))]


def _leave(session: Session, shop: DemoShop, handle: str, row: content.DemoReview, *, storage: MediaStorage) -> Review:
    spoken_at = shop.at(row.days_ago)
    for photo in row.photos:
        with (content.PICTURES / photo).open("rb") as picture:
            stage_picture(
                session,
                shop.store,
                form_id=row.key,
                stream=BytesIO(picture.read()),
                filename=photo.rpartition("/")[2],
                storage=storage,
                clock=lambda: spoken_at,
            )
    # A review that still waits was held like any other: the demo holds while it is left, and shows at once after.
    shop.store.publishing = Publishing.HOLD_ALL if row.state == ReviewState.PENDING else Publishing.AT_ONCE
    review = submit_review(
        session,
        _draft(shop, handle, row),
        store=shop.store,
        product=shop.products[handle],
        source=Source(row.source),
        clock=lambda: spoken_at,
        proof=Proof(shop.orders[row.order]) if row.source == Source.REVIEW_REQUEST_EMAIL and row.order else None,
    )
    shop.store.publishing = Publishing.AT_ONCE
    if row.state == ReviewState.REJECTED:
        reason = RejectionReason(row.reason or RejectionReason.SPAM)
        reject_review(session, review, reason=reason, clock=lambda: spoken_at)
    if row.reply is not None:
        replied_at = shop.at(row.reply.days_ago)
        reply_to_review(session, review, body=row.reply.body, clock=lambda: replied_at)
    return review


def _draft(shop: DemoShop, handle: str, row: content.DemoReview) -> ReviewDraft:
    variant = next((one for one in shop.products[handle].variants if one.sku == row.sku), None)
    return ReviewDraft(
        form_id=row.key,
        rating=row.rating,
        title=row.title,
        body=row.body,
        name=row.name,
        email=row.email,
        page_language=row.lang,
        is_recommended=row.recommended,
        country_code=row.country,
        variant_id=variant.id if variant else None,
        answers=tuple(AnswerDraft(shop.attributes[key].id, value) for key, value in row.attributes.items()),
    )
