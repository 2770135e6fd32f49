"""Puts a product with its variants into a store."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.rating import ProductRating
from reviews_app.models.store import Store


class HandleTaken(Exception):
    """Another product of the store has this handle."""


class ShopIdTaken(Exception):
    """Another product or variant of the store has this id."""


@dataclass(frozen=True, slots=True)
class VariantDetails:
    """A variant under the shop's own id."""

    shop_id: str
    name: str
    sku: str = ""


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """A product as the shop knows it; `price_minor` in cents, pence, ..."""

    shop_id: str
    handle: str
    title: str
    description: str = ""
    price_minor: int | None = None
    currency: str = "USD"
    variants: tuple[VariantDetails, ...] = ()


def add_product(session: Session, store: Store, details: ProductDetails, *, clock: Clock) -> Product:
    """A new product, last in the catalogue, with an empty rating. Raises HandleTaken or ShopIdTaken."""
    refuse_taken(session, store.id, details)
    last = session.scalar(select(func.max(Product.position)).where(Product.store_id == store.id))
    product = Product(
        store_id=store.id,
        shop_id=details.shop_id,
        handle=details.handle,
        title=details.title,
        description=details.description,
        price_minor=details.price_minor,
        currency=details.currency,
        position=(last or 0) + 1,
        created_at=clock(),
    )
    product.variants = [
        ProductVariant(store_id=store.id, shop_id=one.shop_id, name=one.name, sku=one.sku, position=place)
        for place, one in enumerate(details.variants)
    ]
    session.add(product)
    session.flush()
    session.add(ProductRating(store_id=store.id, product_id=product.id))
    session.flush()
    return product


def refuse_taken(session: Session, store_id: UUID, details: ProductDetails, *, but: Product | None = None) -> None:
    """Raises HandleTaken or ShopIdTaken when another product or variant of the store has what this one wants."""
    of_store = select(Product.id).where(Product.store_id == store_id)
    if but is not None:
        of_store = of_store.where(Product.id != but.id)
    if session.scalar(of_store.where(Product.handle == details.handle)) is not None:
        raise HandleTaken(details.handle)
    if session.scalar(of_store.where(Product.shop_id == details.shop_id)) is not None:
        raise ShopIdTaken(details.shop_id)
    ids = [one.shop_id for one in details.variants]
    variants = select(ProductVariant.shop_id).where(ProductVariant.store_id == store_id)
    if but is not None:
        variants = variants.where(ProductVariant.product_id != but.id)
    taken = session.scalar(variants.where(ProductVariant.shop_id.in_(ids)).limit(1))
    if taken is not None or len(set(ids)) < len(ids):
        raise ShopIdTaken(taken or ids[0])
