"""Keeps the counted ratings equal to the published reviews, in the transaction that changes one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.rating import AttributeRating, ProductRating
from reviews_app.models.review import Review, ReviewState


def count_in(session: Session, review: Review) -> None:
    """A review has become published."""
    _add(session, review, 1)


def count_out(session: Session, review: Review) -> None:
    """A review is no longer published."""
    _add(session, review, -1)


def recount(session: Session, *, store_id: UUID, product_id: UUID) -> None:
    """Count one product anew from its published reviews."""
    rating = _rating_row(session, store_id, product_id)
    for name in ("n1", "n2", "n3", "n4", "n5", "recommended", "not_recommended", "verified", "with_media"):
        setattr(rating, name, 0)
    for row in session.scalars(select(AttributeRating).where(AttributeRating.product_id == product_id)):
        row.count = 0
    published = select(Review).where(Review.product_id == product_id, Review.state == ReviewState.PUBLISHED)
    for review in session.scalars(published):
        _add(session, review, 1)


def _add(session: Session, review: Review, step: int) -> None:
    rating = _rating_row(session, review.store_id, review.product_id)
    stars = f"n{review.rating}"
    setattr(rating, stars, getattr(rating, stars) + step)
    rating.recommended += step * (review.is_recommended is True)
    rating.not_recommended += step * (review.is_recommended is False)
    rating.verified += step * review.is_verified
    rating.with_media += step * review.has_media
    for answer in review.answers:
        for value in answer.value if isinstance(answer.value, list) else [answer.value]:
            _add_answer(session, review, answer.attribute_id, answer=str(value)[:200], step=step)


def _rating_row(session: Session, store_id: UUID, product_id: UUID) -> ProductRating:
    """The product's row, locked: two reviews at once must not count as one."""
    row = session.get(ProductRating, product_id, with_for_update=True, populate_existing=True)
    if row is None:
        row = ProductRating(product_id=product_id, store_id=store_id)
        session.add(row)
        session.flush()
    return row


def _add_answer(session: Session, review: Review, attribute_id: UUID, *, answer: str, step: int) -> None:
    row = session.scalar(
        select(AttributeRating).where(
            AttributeRating.product_id == review.product_id,
            AttributeRating.attribute_id == attribute_id,
            AttributeRating.answer == answer,
        )
    )
    if row is None:
        row = AttributeRating(
            store_id=review.store_id, product_id=review.product_id, attribute_id=attribute_id, answer=answer, count=0
        )
        session.add(row)
    row.count += step
    session.flush()
