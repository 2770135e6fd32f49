"""The one cheap read that says whether a kept page or a kept form is still true."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from reviews_app.models.page_stamp import PageStamp
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound

OF_STORE, OF_PRODUCT = aliased(PageStamp), aliased(PageStamp)
STANDING = (
    select(
        Product.id,
        Store.id,
        Store.languages,
        OF_STORE.stamp,
        OF_PRODUCT.stamp,
        OF_STORE.form_stamp,
        OF_PRODUCT.form_stamp,
    )
    .join(Store, Store.id == Product.store_id)
    .outerjoin(OF_STORE, OF_STORE.subject_id == Store.id)
    .outerjoin(OF_PRODUCT, and_(OF_PRODUCT.subject_id == Product.id, OF_PRODUCT.store_id == Store.id))
    .where(Store.slug == bindparam("slug"), Product.handle == bindparam("handle"))
)


@dataclass(frozen=True, slots=True)
class PageStanding:
    """A product's page by its names: what its language follows from, and the stamps that change with what it shows."""

    slug: str
    handle: str
    product_id: UUID
    store_id: UUID
    languages: tuple[str, ...]
    stamps: tuple[str | None, str | None]
    form_stamps: tuple[str | None, str | None]


def page_standing(session: Session, slug: str, handle: str) -> PageStanding:
    """Read before anything else of the page, so that a page is never kept under a later stamp than its contents.

    Raises NotFound.
    """
    found = session.execute(STANDING, {"slug": slug, "handle": handle}).one_or_none()
    if found is None:
        raise NotFound
    product_id, store_id, languages, of_store, of_product, form_of_store, form_of_product = found
    of_page, of_form = (of_store, of_product), (form_of_store, form_of_product)
    return PageStanding(slug, handle, product_id, store_id, tuple(languages), of_page, of_form)
