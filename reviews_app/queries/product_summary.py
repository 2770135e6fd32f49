"""The numbers above a product's reviews, all from the rolled-up ratings."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.attribute import Attribute, AttributeAbout
from reviews_app.models.product import Product
from reviews_app.models.rating import AttributeRating, ProductRating
from reviews_app.queries.star_average import shown_average


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale's mean as a share of its line, 0 to 1, with named ends."""

    title: str
    share: float
    words: str
    low: str
    middle: str
    high: str


@dataclass(frozen=True, slots=True)
class Summary:
    """`average` is shown with one decimal; `bars` go from 5 stars to 1."""

    average: float
    exact_average: float
    total: int
    verified: int
    with_media: int
    recommend_share: int | None
    bars: tuple[tuple[int, int], ...]
    scales: tuple[Scale, ...]


def product_summary(session: Session, product: Product) -> Summary | None:
    """Two statements; None without a published review."""
    rating = session.get(ProductRating, product.id)
    if rating is None or rating.average is None:
        return None
    said = rating.recommended + rating.not_recommended
    return Summary(
        average=shown_average(rating.average),
        exact_average=rating.average,
        total=rating.total,
        verified=rating.verified,
        with_media=rating.with_media,
        recommend_share=_honest_share(rating.recommended, said) if said else None,
        bars=tuple((stars, rating.counts[stars - 1]) for stars in (5, 4, 3, 2, 1)),
        scales=_scales(session, product),
    )


def _honest_share(part: int, whole: int) -> int:
    """Per cent; 100 only when all did, 0 only when nobody did."""
    if part in {0, whole}:
        return 100 * part // whole
    return min(max(round(100 * part / whole), 1), 99)


def _scales(session: Session, product: Product) -> tuple[Scale, ...]:
    rows = session.execute(
        select(Attribute, AttributeRating.answer, AttributeRating.count)
        .join(AttributeRating, AttributeRating.attribute_id == Attribute.id)
        .where(
            AttributeRating.product_id == product.id,
            AttributeRating.count > 0,
            Attribute.about == AttributeAbout.PRODUCT,
        )
        .order_by(Attribute.position, Attribute.id)
    ).all()
    counted: dict[Attribute, list[tuple[int, int]]] = {}
    for attribute, answer, count in rows:
        if attribute.kind.steps:
            counted.setdefault(attribute, []).append((int(answer), count))
    return tuple(_scale(attribute, answers) for attribute, answers in counted.items())


def _scale(attribute: Attribute, answers: list[tuple[int, int]]) -> Scale:
    steps = attribute.kind.steps
    total = sum(count for _, count in answers)
    mean = sum(value * count for value, count in answers) / total
    share = (mean - steps[0]) / (steps[-1] - steps[0])
    names = (attribute.low, attribute.middle, attribute.high)
    nearest = names[round(share * 2)] or names[0 if share < 0.5 else 2]
    return Scale(attribute.title, share, nearest, *names)
