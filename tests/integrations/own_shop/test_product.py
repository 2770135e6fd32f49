from datetime import UTC, datetime
from typing import Any

import pytest

from reviews_app.integrations.own_shop.product import MOST_VARIANTS, product_report
from reviews_app.models.order_report import ProductReport, ReportRefused

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def read(**values: Any) -> ProductReport:
    return product_report({"id": "p1"} | values, as_of=NOW, now=NOW)


def refusal(**values: Any) -> str:
    with pytest.raises(ReportRefused) as refused:
        read(**values)
    return str(refused.value)


def test_an_id_alone_is_a_product_that_says_nothing_else() -> None:
    report = read()
    assert (report.title, report.handle, report.price, report.variants, report.is_withdrawn) == (
        None,
        None,
        None,
        None,
        False,
    )


def test_a_handle_becomes_one_that_fits_an_address() -> None:
    assert read(handle="Ridge Daypack 22 L").handle == "ridge-daypack-22-l"


@pytest.mark.parametrize("price", ["cheap", "12,5,0", "-3", "NaN", "1e400"])
def test_what_is_no_price_is_refused(price: str) -> None:
    assert refusal(price=price).startswith("price: is no price such as 89.00")


def test_a_price_may_come_as_a_number() -> None:
    assert read(price=89).price == "89"


def test_currencies_are_those_there_are() -> None:
    assert read(currency="eur").currency == "EUR"
    assert "is no currency code" in refusal(currency="XXY")


def test_variants_need_an_id_and_a_name() -> None:
    assert "variants.0.name" in refusal(variants=[{"id": "v"}])
    assert "variants.1.id" in refusal(variants=[{"id": "v", "name": "Moss"}, {"name": "Slate"}])
    assert "variants" in refusal(variants=[{"id": "v", "name": "n"}] * (MOST_VARIANTS + 1))


def test_variants_come_in_their_order() -> None:
    report = read(variants=[{"id": 2, "name": "Slate"}, {"id": 1, "name": "Moss", "sku": "M-1"}])
    assert report.variants is not None
    assert [(one.shop_id, one.name, one.sku) for one in report.variants] == [("2", "Slate", ""), ("1", "Moss", "M-1")]


def test_a_description_keeps_its_paragraphs_and_loses_its_markup() -> None:
    said = read(description="<p>Light &amp; dry.</p><p>Two <b>straps</b>.</p>").description
    assert said == "Light & dry.\nTwo straps."


def test_taken_out_of_sale_is_said_in_so_many_words() -> None:
    assert read(withdrawn=True).is_withdrawn
