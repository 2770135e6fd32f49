from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.product import Product, ProductVariant
from reviews_app.services.add_product import HandleTaken, ProductDetails, ShopIdTaken, VariantDetails
from reviews_app.services.change_product import change_product
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store

MOSS, OCHRE = VariantDetails("1", "Moss", "M"), VariantDetails("2", "Ochre", "O")
DETAILS = ProductDetails("7", "ridge-daypack", "Ridge Pack", "A pack.", 9900, "USD", (MOSS, OCHRE))


def names(session: Session, product: Product) -> list[str]:
    session.expire(product)
    return [one.name for one in product.variants]


def test_everything_but_the_currency_changes(session: Session) -> None:
    product = make_product(session, make_store(session))
    assert change_product(session, product, replace(DETAILS, currency="EUR")) == []
    assert (product.shop_id, product.title, product.price_minor) == ("7", "Ridge Pack", 9900)
    assert product.currency == "USD"
    assert names(session, product) == ["Moss", "Ochre"]


def test_a_variant_keeps_its_row_under_a_new_name_and_place(session: Session) -> None:
    product = make_product(session, make_store(session))
    change_product(session, product, DETAILS)
    before = {one.shop_id: one.id for one in product.variants}
    change_product(session, product, replace(DETAILS, variants=(OCHRE, replace(MOSS, name="Fern"))))
    assert names(session, product) == ["Ochre", "Fern"]
    assert {one.shop_id: one.id for one in product.variants} == before


def test_a_variant_left_out_goes_unless_an_order_or_a_review_names_it(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    change_product(session, product, replace(DETAILS, variants=(MOSS, OCHRE, VariantDetails("3", "Slate"))))
    make_order(session, store, product)
    leave_review(session, store, product, variant_id=product.variants[1].id)
    assert change_product(session, product, replace(DETAILS, variants=())) == ["Moss", "Ochre"]
    assert names(session, product) == ["Moss", "Ochre"]
    assert len(session.scalars(select(ProductVariant)).all()) == 2


def test_what_another_product_has_is_refused(session: Session) -> None:
    store = make_store(session)
    product, other = make_product(session, store), make_product(session, store, "stove", variants=("Steel",))
    with pytest.raises(HandleTaken):
        change_product(session, product, replace(DETAILS, handle="stove"))
    with pytest.raises(ShopIdTaken):
        change_product(session, product, replace(DETAILS, shop_id=other.shop_id))
    with pytest.raises(ShopIdTaken):
        taken = VariantDetails(other.variants[0].shop_id, "Mine")
        change_product(session, product, replace(DETAILS, variants=(taken,)))


def test_another_store_may_have_the_same(session: Session) -> None:
    first, second = make_store(session), make_store(session, "juniper")
    for store in (first, second):
        change_product(session, make_product(session, store), DETAILS)
    assert len(session.scalars(select(Product).where(Product.shop_id == "7")).all()) == 2
