"""A request as it would look today, for a merchant who wants to see it first."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from reviews_app.lib.addresses import Addresses
from reviews_app.mail.message import Content
from reviews_app.mail.review_request import STARS, RequestedProduct, ReviewRequestMail, review_request
from reviews_app.models.product import Product
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.services.compose_request import picture_of
from reviews_app.services.store_letter import look_of

# The shape of a token, and nobody's.
TOKEN = "example-link-of-nobody"  # noqa: S105
NOBODYS_PRODUCT = UUID(int=0)
SHOWN = 2


def example_request(
    session: Session,
    store: Store,
    asking: Asking,
    *,
    language: str,
    addresses: Addresses,
    own_words: Mapping[str, Any] | None = None,
) -> Content:
    """Written with the store's look, its first products and its own words: those given, else those it saved."""
    style = mail_brand(session, store).style
    mine = select(Product).where(Product.store_id == store.id).options(selectinload(Product.pictures))
    products = session.scalars(mine.order_by(Product.position, Product.id).limit(SHOWN)).all()
    shown = [(one.title, picture_of(one, addresses), one.id) for one in products] or [
        ("Your product", "", NOBODYS_PRODUCT)
    ]
    return review_request(
        ReviewRequestMail(
            store_name=store.name,
            postal_address=store.postal_address,
            buyer_name="Morgan",
            order_number="#1205",
            products=tuple(_product(*one, addresses) for one in shown),
            all_link=addresses.review_link(TOKEN),
            unsubscribe_url=addresses.unsubscribe(TOKEN),
            kind=asking,
            language=language,
            look=look_of(style, addresses),
            own_words=style.texts if own_words is None else own_words,
        )
    )


def _product(title: str, picture_url: str, product_id: UUID, addresses: Addresses) -> RequestedProduct:
    return RequestedProduct(
        title=title,
        variant="",
        picture_url=picture_url,
        link=addresses.product_review_link(TOKEN, product_id),
        star_links=tuple(addresses.product_review_link(TOKEN, product_id, star) for star in STARS),
    )
