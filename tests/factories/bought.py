from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.order import Order
from reviews_app.models.product import Product
from reviews_app.models.review import Review
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Publishing, Store
from reviews_app.queries.order_to_review import Standing, order_to_review
from reviews_app.services.answer_later import answer_later
from reviews_app.services.own_review import edit_by_link, withdraw_by_link
from reviews_app.services.submit_by_link import LinkedProduct, submit_by_link
from reviews_app.services.tools import Tools
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import make_draft
from tests.factories.review_request import make_link
from tests.factories.store import make_store


@dataclass
class Bought:
    """An order of two products, its request, and everything to act on it."""

    session: Session
    tools: Tools
    store: Store
    pack: Product
    stove: Product
    order: Order
    request: ReviewRequest

    def review(self, product: Product, request: ReviewRequest | None = None, **changes: Any) -> Review:
        linked = LinkedProduct(request or self.request, product.id)
        draft = make_draft(**changes)
        return submit_by_link(self.session, draft, linked=linked, store=self.store, tools=self.tools)

    def wish(self, product: Product, wish: Wish) -> LineWish:
        return answer_later(self.session, LinkedProduct(self.request, product.id), wish, tools=self.tools)

    def standings(self, order: Order | None = None) -> list[Standing]:
        return [one.standing for one in order_to_review(self.session, order or self.order).lines]

    def linked(self, product: Product) -> LinkedProduct:
        return LinkedProduct(self.request, product.id)

    def edit(self, product: Product, *, dropped: frozenset[Any] = frozenset(), **changes: Any) -> bool:
        draft = make_draft(**changes)
        linked = self.linked(product)
        return edit_by_link(self.session, draft, linked=linked, store=self.store, dropped=dropped, tools=self.tools)

    def withdraw(self, product: Product) -> None:
        withdraw_by_link(self.session, self.linked(product), tools=self.tools)


def make_bought(session: Session, tools: Tools, *, publishing: Publishing = Publishing.AT_ONCE) -> Bought:
    """A store, an order of two of its products, and a request for it."""
    store = make_store(session, publishing=publishing)
    pack, stove = make_product(session, store, "pack"), make_product(session, store, "stove")
    order = make_order(session, store, pack, stove)
    request, _ = make_link(session, order, store=store, tools=tools)
    return Bought(session, tools, store, pack, stove, order, request)
