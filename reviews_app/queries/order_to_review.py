"""How the products of an order stand with their buyer: to review, reviewed, for later, skipped, given back,
deleted."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select, union
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
    return orders_to_review(session, [order])[order.id]


def orders_to_review(session: Session, orders: Collection[Order]) -> dict[UUID, OrderToReview]:
    """The same of several orders, read at once."""
    reviews = _reviews(session, orders)
    wishes: dict[UUID, dict[UUID, LineWish]] = defaultdict(dict)
    for wish in session.scalars(select(LineWish).where(LineWish.order_id.in_([order.id for order in orders]))):
        wishes[wish.order_id][wish.product_id] = wish
    return {order.id: _standing_of(order, reviews[order.id], wishes[order.id]) for order in orders}


def _standing_of(order: Order, reviews: dict[UUID, Review], wishes: dict[UUID, LineWish]) -> OrderToReview:
    kept = {line.product_id: line for line in reversed(order.kept_lines)}
    lines = {line.product_id: line for line in reversed(order.lines)} | kept
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


def _reviews(session: Session, orders: Collection[Order]) -> dict[UUID, dict[UUID, Review]]:
    """By order and product the oldest that counts: written for this order, or by its buyer proven elsewhere."""
    of_order: dict[UUID, list[Review]] = defaultdict(list)
    of_buyer: dict[tuple[UUID, str], list[Review]] = defaultdict(list)
    for review in session.scalars(_written(orders)):
        if review.order_id is not None:
            of_order[review.order_id].append(review)
        if review.is_verified:
            of_buyer[review.store_id, review.email_key].append(review)
    return {
        order.id: _oldest(of_order[order.id] + of_buyer[order.store_id, order.customer.email_key]) for order in orders
    }


def _oldest(reviews: Collection[Review]) -> dict[UUID, Review]:
    """Of each product."""
    newest_first = sorted(reviews, key=lambda review: (review.created_at, review.id), reverse=True)
    return {review.product_id: review for review in newest_first}


def _written(orders: Collection[Order]) -> Select[Review]:
    """Two ways in, each by its own index: a product may have a hundred thousand reviews."""
    of_orders = select(Review.id).where(Review.order_id.in_([order.id for order in orders]))
    by_buyers = select(Review.id).where(
        Review.product_id.in_({line.product_id for order in orders for line in order.lines}),
        Review.email_key.in_({order.customer.email_key for order in orders}),
        Review.is_verified,
    )
    mine = Review.id.in_(union(of_orders, by_buyers)), Review.store_id.in_({order.store_id for order in orders})
    return select(Review).where(*mine).options(selectinload(Review.answers), selectinload(Review.media))
