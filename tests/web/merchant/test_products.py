from typing import Any

import pytest
from sqlalchemy import select

from reviews_app.models.product import Product, ProductVariant
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.fakes.visitor import errors, typed
from tests.web.merchant.conftest import House

STOVE: dict[str, Any] = {
    "title": "Ember Stove",
    "handle": "ember-stove",
    "shop_id": "77",
    "description": "Burns twigs.",
    "price": "49.5",
    "variants-0-name": "Steel",
    "variants-0-shop_id": "771",
    "variants-0-sku": "EMB-ST",
}


def new(house: House, **changes: Any) -> Any:
    return house.owner.send(f"{house.at}/products/new", **(STOVE | changes))


def stove(house: House) -> Product:
    with house.rows() as rows:
        found = rows.scalars(select(Product).where(Product.handle == "ember-stove")).one()
        assert found.variants is not None
        return found


def variants(house: House) -> list[tuple[str, str, str]]:
    with house.rows() as rows:
        listed = rows.scalars(select(ProductVariant).order_by(ProductVariant.position)).all()
        return [(one.name, one.shop_id, one.sku) for one in listed]


def test_a_product_with_a_variant_is_in_the_shop(house: House) -> None:
    assert new(house).status_code == 303
    assert (stove(house).price_minor, stove(house).currency, stove(house).shop_id) == (4950, "USD", "77")
    shop = house.app.test_client().get("/stores/larkspur/products/ember-stove").text
    assert "Burns twigs." in shop
    assert "$49.50" in shop
    assert "Ember Stove" in house.owner.open(f"{house.at}/products").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "x" * 301),
        ("title", "a\x00b"),
        ("handle", ""),
        ("handle", "Ember Stove"),
        ("handle", "../evil"),
        ("handle", "new"),
        ("handle", "ridge-daypack"),
        ("shop_id", ""),
        ("shop_id", "larkspur-ridge-daypack"),
        ("price", "free"),
        ("price", "-1"),
        ("price", "1e5"),
        ("price", "NaN"),
        ("price", "1.999"),
        ("variants-0-name", ""),
        ("variants-0-shop_id", ""),
        ("variants-0-shop_id", "larkspur-ridge-daypack-Moss"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(house: House, field: str, value: str) -> None:
    answer = new(house, **{field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'href="#{field}"' in answer.text
    assert typed(answer)["description"] == ["Burns twigs."]
    with house.rows() as rows:
        assert rows.scalars(select(Product.handle)).all() == ["ridge-daypack"]


def test_the_same_variant_id_twice_is_refused(house: House) -> None:
    answer = new(house, **{"variants-1-name": "Brass", "variants-1-shop_id": "771"})
    assert errors(answer) == ["Another variant of your store has this id."]


def test_a_price_may_be_left_out_or_written_with_a_comma(house: House) -> None:
    new(house, price="1234,05")
    assert stove(house).price_minor == 123405
    house.owner.send(f"{house.at}/products/ember-stove", price="")
    assert stove(house).price_minor is None


def test_yen_have_no_cents(house: House) -> None:
    with house.writing() as (_writing, store):
        store.currency = "JPY"
    assert new(house, price="49.50").status_code == 422
    new(house, price="4950")
    assert stove(house).price_minor == 4950
    assert typed(house.owner.open(f"{house.at}/products/ember-stove"))["price"] == ["4950"]


def test_dinars_have_three_digits_and_dong_none(house: House) -> None:
    for currency, price, minor in (("KWD", "8.900", 8900), ("VND", "8900", 8900)):
        with house.writing() as (_writing, store):
            store.currency = currency
        handle = f"stove-{currency.lower()}"
        wrong = new(house, price=f"{price}5.5", handle=handle)
        assert wrong.status_code == 422
        answer = new(house, price=price, handle=handle, shop_id=currency, **{"variants-0-shop_id": currency})
        assert answer.status_code == 303
        with house.rows() as reading:
            kept = reading.scalars(select(Product).where(Product.handle == handle)).one()
            assert (kept.price_minor, kept.currency) == (minor, currency)
        assert typed(house.owner.open(f"{house.at}/products/{handle}"))["price"] == [price]


def test_more_rows_come_without_saving_and_keep_what_was_typed(house: House) -> None:
    answer = new(house, more="1")
    assert answer.status_code == 200
    assert typed(answer)["title"] == ["Ember Stove"]
    assert typed(answer)["variants-0-name"] == ["Steel"]
    assert "variants-5-name" in typed(answer)
    with house.rows() as rows:
        assert rows.scalars(select(Product.handle)).all() == ["ridge-daypack"]


def test_a_product_is_changed_and_its_form_shows_it_as_it_stands(house: House) -> None:
    page = f"{house.at}/products/ridge-daypack"
    shown = typed(house.owner.open(page))
    assert (shown["price"], shown["variants-0-name"]) == (["89.00"], ["Moss"])
    house.owner.send(page, title="Ridge Pack", **{"variants-1-name": "Ochre", "variants-1-shop_id": "2"})
    assert "Ridge Pack" in house.owner.open(f"{house.at}/products").text
    assert [name for name, _id, _sku in variants(house)] == ["Moss", "Ochre"]


def test_a_row_emptied_removes_its_variant(house: House) -> None:
    page = f"{house.at}/products/ridge-daypack"
    empty = {f"variants-0-{part}": "" for part in ("name", "shop_id", "sku")}
    house.owner.send(page, **empty)
    assert variants(house) == []


def test_a_variant_that_was_bought_stays_and_the_page_says_so(house: House) -> None:
    with house.writing() as (writing, store):
        make_order(writing, store, writing.scalars(select(Product)).one())
    empty = {f"variants-0-{part}": "" for part in ("name", "shop_id", "sku")}
    house.owner.send(f"{house.at}/products/ridge-daypack", **empty)
    assert [name for name, _id, _sku in variants(house)] == ["Moss"]
    assert "Moss stays, because orders or reviews name it." in house.owner.open(f"{house.at}/products").text


def test_a_product_may_keep_its_own_handle_but_take_no_other(house: House) -> None:
    with house.writing() as (writing, store):
        make_product(writing, store, "ember-stove")
    answer = house.owner.send(f"{house.at}/products/ember-stove", handle="ridge-daypack")
    assert errors(answer) == ["Another product of your store has this handle."]
    assert house.owner.send(f"{house.at}/products/ember-stove", title="Still mine").status_code == 303


def test_without_the_token_nothing_is_saved(house: House) -> None:
    assert house.owner.client.post(f"{house.at}/products/new", data=STOVE).status_code == 422
    assert house.owner.client.post(f"{house.at}/products/ridge-daypack", data=STOVE).status_code == 422
    with house.rows() as rows:
        assert rows.scalars(select(Product.title)).all() == ["Ridge Daypack"]
