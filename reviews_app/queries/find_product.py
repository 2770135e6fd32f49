"""Loads a product of one store, or a picture of one product."""

from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from reviews_app.models.product import Product, ProductPicture
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound

OFFERED = (
    select(Store, Product)
    .join(Product, Product.store_id == Store.id)
    .where(Store.slug == bindparam("slug"), Product.handle == bindparam("handle"))
)


def find_store_and_product(session: Session, slug: str, handle: str) -> tuple[Store, Product]:
    """A product and the store that sells it, by their names in an address; raises NotFound."""
    found = session.execute(OFFERED, {"slug": slug, "handle": handle}).one_or_none()
    if found is None:
        raise NotFound
    store, product = found
    return store, product


def find_product(session: Session, store: Store, handle: str) -> Product:
    """The product of that handle; raises NotFound, another store's counts as absent."""
    found = _found(session, store, Product.handle == handle)
    if found is None:
        raise NotFound
    return found


def find_product_by_id(session: Session, store: Store, product_id: UUID) -> Product:
    """The product of that id; raises NotFound, another store's counts as absent."""
    found = _found(session, store, Product.id == product_id)
    if found is None:
        raise NotFound
    return found


def find_picture(session: Session, product: Product, picture_id: UUID) -> ProductPicture:
    """The product's picture of that id; raises NotFound, another product's counts as absent."""
    wanted = select(ProductPicture).where(ProductPicture.product_id == product.id, ProductPicture.id == picture_id)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def _found(session: Session, store: Store, condition: ColumnElement[bool]) -> Product | None:
    return session.scalar(select(Product).where(Product.store_id == store.id, condition))
