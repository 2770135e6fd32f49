"""The forms of the products asked for lately, each made once while its stamps stand (decision record 8)."""

from functools import lru_cache
from uuid import UUID

from reviews_app.db.database import session
from reviews_app.queries.find_product import find_store_and_product
from reviews_app.queries.page_standing import PageStanding
from reviews_app.services.answer_attributes import attributes_of
from reviews_app.web.review_form.form import ReviewForm, form_kind

MOST = 200


def form_of_product(standing: PageStanding) -> type[ReviewForm]:
    """The product's form as it stands."""
    return _form(standing.product_id, standing.slug, standing.handle, standing.form_stamps)


@lru_cache(MOST)
def _form(_product_id: UUID, slug: str, handle: str, _stamps: tuple[str | None, str | None]) -> type[ReviewForm]:
    _, product = find_store_and_product(session(), slug, handle)
    attributes = attributes_of(session(), product)
    kind = form_kind(product, attributes)
    # They outlive this request, and other threads read them: they belong to no session.
    for one in attributes:
        session().expunge(one)
    return kind
