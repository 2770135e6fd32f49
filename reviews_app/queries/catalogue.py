"""A store's products as its catalogue shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.rating import ProductRating
from reviews_app.models.store import Store
from reviews_app.queries.star_average import shown_average

MOST = 500


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One product with its stars; `average` is None without a review."""

    handle: str
    title: str
    price_minor: int | None
    currency: str
    picture: str | None
    picture_alt: str
    average: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Buyable:
    """What a line of an order can name."""

    product: Product
    variant: ProductVariant | None

    @property
    def name(self) -> str:
        """ "Ridge Daypack, Moss"."""
        return f"{self.product.title}, {self.variant.name}" if self.variant else self.product.title


def catalogue(session: Session, store: Store) -> list[CatalogueItem]:
    """Every product in the shop's order, three statements whatever their number."""
    rows = session.execute(
        select(Product, ProductRating)
        .outerjoin(ProductRating, ProductRating.product_id == Product.id)
        .where(Product.store_id == store.id)
        .order_by(Product.position, Product.id)
        .limit(MOST)
        .options(selectinload(Product.pictures))
    ).all()
    return [_item(product, rating) for product, rating in rows]


def product_names(session: Session, store: Store) -> list[Product]:
    """Every product by its title, for a choice of one."""
    mine = select(Product).where(Product.store_id == store.id)
    return list(session.scalars(mine.order_by(Product.title, Product.id).limit(MOST)))


def what_can_be_bought(session: Session, store: Store) -> dict[str, Buyable]:
    """Products by their title, each of its variants for itself where it has some, under the chosen one's id."""
    mine = select(Product).where(Product.store_id == store.id).options(selectinload(Product.variants))
    found: dict[str, Buyable] = {}
    for product in session.scalars(mine.order_by(Product.title, Product.id).limit(MOST)):
        kinds: Sequence[ProductVariant | None] = product.variants or [None]
        for variant in kinds:
            found[str(variant.id if variant else product.id)] = Buyable(product, variant)
    return found


def _item(product: Product, rating: ProductRating | None) -> CatalogueItem:
    first = product.pictures[0] if product.pictures else None
    average = rating.average if rating else None
    return CatalogueItem(
        handle=product.handle,
        title=product.title,
        price_minor=product.price_minor,
        currency=product.currency,
        picture=first.name if first else None,
        picture_alt=first.alt if first else "",
        average=None if average is None else shown_average(average),
        count=rating.total if rating else 0,
    )
