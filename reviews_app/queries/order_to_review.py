"""How the products of an order stand with their buyer: to review, reviewed, for later, skipped, given back,
deleted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.review import Review, ReviewState
from reviews_app.queries.not_found import NotFound


class Standing(StrEnum):
    """How one product stands."""

    OPEN = "open"
    REVIEWED = "reviewed"
    LATER = "later"
    SKIPPED = "skipped"
    GIVEN_BACK = "given_back"
    WITHDRAWN = "withdrawn"


STANDING_OF = {Wish.LATER: Standing.LATER, Wish.SKIP: Standing.SKIPPED}
OUT = frozenset({Standing.GIVEN_BACK, Standing.WITHDRAWN})
MAY_BE_REVIEWED = frozenset({Standing.OPEN, Standing.LATER, Standing.SKIPPED})


@dataclass(frozen=True, slots=True)
class LineToReview:
    """One product of the order with what its buyer said of it so far."""

    line: OrderLine
    standing: Standing
    review: Review | None = None
    ask_at: datetime | None = None

    @property
    def product_id(self) -> UUID:
        """Which product."""
        return self.line.product_id

    @property
    def may_be_reviewed(self) -> bool:
        """Whether the form opens: also for what was put off or skipped, should its buyer come back to it."""
        return self.standing in MAY_BE_REVIEWED


@dataclass(frozen=True, slots=True)
class OrderToReview:
    """Every product of an order once, in the order's own sequence."""

    lines: tuple[LineToReview, ...]

    def line_of(self, product_id: UUID) -> LineToReview:
        """The line of a product; raises NotFound for one the order does not hold."""
        found = next((one for one in self.lines if one.product_id == product_id), None)
        if found is None:
            raise NotFound
        return found

    @property
    def done(self) -> int:
        """How many are reviewed."""
        return sum(one.standing is Standing.REVIEWED for one in self.lines)

    @property
    def total(self) -> int:
        """How many there are to review: what was given back, or whose review its author deleted, does not count."""
        return sum(one.standing not in OUT for one in self.lines)

    @property
    def reviews(self) -> list[Review]:
        """What was said so far, the oldest first."""
        return sorted((one.review for one in self.lines if one.review), key=lambda review: review.created_at)

    def next_open(self, after: UUID | None = None) -> LineToReview | None:
        """The next product still to review, from the one after this and round; None when nothing is left."""
        places = [place for place, one in enumerate(self.lines) if one.product_id == after]
        start = places[0] + 1 if places else 0
        turned = self.lines[start:] + self.lines[:start]
        return next((one for one in turned if one.standing is Standing.OPEN), None)


def order_to_review(session: Session, order: Order) -> OrderToReview:
    """How each product stands. A review counts when its author is proven: by a link of any order, or by confirming."""
    kept = {line.product_id: line for line in reversed(order.kept_lines)}
    lines = {line.product_id: line for line in reversed(order.lines)} | kept
    reviews = _reviews(session, order, list(lines))
    rows = select(LineWish).where(LineWish.order_id == order.id)
    wishes = {wish.product_id: wish for wish in session.scalars(rows)}
    in_sequence = sorted(lines.values(), key=lambda line: line.position)
    return OrderToReview(
        tuple(
            _line(one, reviews.get(one.product_id), wishes.get(one.product_id), is_kept=one.product_id in kept)
            for one in in_sequence
        )
    )


def _line(line: OrderLine, review: Review | None, wish: LineWish | None, *, is_kept: bool) -> LineToReview:
    if review is not None and review.state is ReviewState.WITHDRAWN:
        return LineToReview(line, Standing.WITHDRAWN)
    if review is not None:
        return LineToReview(line, Standing.REVIEWED, review)
    if not is_kept:
        return LineToReview(line, Standing.GIVEN_BACK)
    if wish is not None:
        return LineToReview(line, STANDING_OF[wish.wish], ask_at=wish.ask_at)
    return LineToReview(line, Standing.OPEN)


def _reviews(session: Session, order: Order, product_ids: list[UUID]) -> dict[UUID, Review]:
    theirs = or_(
        Review.order_id == order.id,
        and_(Review.email_key == order.customer.email_key, Review.is_verified),
    )
    rows = (
        select(Review)
        .where(Review.store_id == order.store_id, Review.product_id.in_(product_ids), theirs)
        .options(selectinload(Review.answers), selectinload(Review.media))
        .order_by(Review.created_at.desc(), Review.id.desc())
    )
    return {review.product_id: review for review in session.scalars(rows)}
