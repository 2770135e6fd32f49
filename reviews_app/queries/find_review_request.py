"""Loads a review request by the token in its link."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from reviews_app.lib.tokens import token_hash
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.product import Product
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound

LONGEST_TOKEN = 64


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """The request with its store; the token itself is the permission."""

    request: ReviewRequest
    store: Store


def find_review_request(session: Session, token: str) -> FoundRequest:
    """The request whose token this is; raises NotFound for any other text."""
    if len(token) > LONGEST_TOKEN:
        raise NotFound
    parts = (
        joinedload(ReviewRequest.order).joinedload(Order.customer),
        joinedload(ReviewRequest.order).selectinload(Order.lines).joinedload(OrderLine.product),
        joinedload(ReviewRequest.order)
        .selectinload(Order.lines)
        .joinedload(OrderLine.product)
        .selectinload(Product.pictures),
        selectinload(ReviewRequest.uses),
    )
    request = session.scalar(select(ReviewRequest).where(ReviewRequest.token_hash == token_hash(token)).options(*parts))
    store = session.get(Store, request.store_id) if request else None
    if request is None or store is None:
        raise NotFound
    return FoundRequest(request, store)
