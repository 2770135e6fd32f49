from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.order_report import ProductReport, ReportedLine, ReportedVariant, ReportRefused
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.services.record_order import record_order
from reviews_app.services.record_product import free_handle, record_product
from tests.factories.order_report import make_report
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock

DAY = timedelta(days=1)


def take(session: Session, store: Store, **changes: Any) -> Product:
    values: dict[str, Any] = {"shop_id": "p-1", "as_of": START, "title": "Ridge Daypack"}
    product = record_product(session, store, ProductReport(**(values | changes)), clock=FakeClock()).product
    assert product is not None
    return product


def order_names(session: Session, store: Store, title: str, *, shop_id: str = "5001", as_of: Any = START) -> None:
    report = make_report(shop_id=shop_id, as_of=as_of, lines=(ReportedLine("p-1", title),))
    record_order(session, store, report, clock=FakeClock())


def test_a_price_of_millions_of_small_units_is_kept(session: Session) -> None:
    """25,000,000 rupiah are more of their smallest unit than fit into 32 bits."""
    product = take(session, make_store(session), price="25000000", currency="IDR")
    session.expire_all()
    assert product.price_minor == 2_500_000_000
    dearest = take(session, make_store(session, "juniper"), price="1000000000", currency="CLF")
    session.expire_all()
    assert dearest.price_minor == 10**13


def test_a_product_comes_in_with_price_and_variants(session: Session) -> None:
    variants = (ReportedVariant("v-1", "Moss", "RDP-M"), ReportedVariant("v-2", "Clay"))
    product = take(session, make_store(session), price="89.00", description="A pack.", variants=variants)
    assert (product.handle, product.price_minor, product.currency) == ("ridge-daypack", 8900, "USD")
    assert [(one.shop_id, one.name, one.sku) for one in product.variants] == [
        ("v-1", "Moss", "RDP-M"),
        ("v-2", "Clay", ""),
    ]
    assert product.needs_picture


def test_a_report_brings_it_up_to_date_and_a_late_one_does_not(session: Session) -> None:
    store = make_store(session)
    take(session, store, title="Ridge Pack", price="80")
    product = take(session, store, as_of=START - DAY, title="Old name", price="70", description="Told late, but told.")
    assert (product.title, product.price_minor, product.description) == ("Ridge Pack", 8000, "Told late, but told.")


def test_the_same_report_twice_changes_nothing(session: Session) -> None:
    store = make_store(session)
    take(session, store)
    again = ProductReport(shop_id="p-1", as_of=START, title="Ridge Daypack")
    assert not record_product(session, store, again, clock=FakeClock()).is_changed


def test_a_report_after_a_sketch_describes_it(session: Session) -> None:
    store = make_store(session)
    order_names(session, store, "RIDGE DAYPACK (moss)")
    product = take(session, store, as_of=START - 5 * DAY, handle="ridge-daypack")
    assert (product.title, product.handle, product.is_sketch) == ("Ridge Daypack", "ridge-daypack", False)


def test_an_order_after_a_report_describes_nothing(session: Session) -> None:
    store = make_store(session)
    product = take(session, store)
    order_names(session, store, "Another name", as_of=START + DAY)
    assert product.title == "Ridge Daypack"


def test_a_sketch_is_called_as_the_newest_order_calls_it(session: Session) -> None:
    store = make_store(session)
    order_names(session, store, "Newer name", as_of=START)
    order_names(session, store, "Older name", shop_id="5000", as_of=START - DAY)
    assert session.scalars(select(Product.title)).one() == "Newer name"


def test_a_withdrawn_product_stays_with_its_reviews_and_may_come_back(session: Session) -> None:
    store = make_store(session)
    take(session, store)
    gone = ProductReport(shop_id="p-1", as_of=START + DAY, is_withdrawn=True)
    product = record_product(session, store, gone, clock=FakeClock()).product
    assert product is not None
    assert product.withdrawn_at == START + DAY
    assert take(session, store, as_of=START + 2 * DAY).withdrawn_at is None


def test_the_end_of_a_product_nobody_told_us_of_is_remembered(session: Session) -> None:
    store = make_store(session)
    gone = ProductReport(shop_id="p-1", as_of=START, is_withdrawn=True)
    assert record_product(session, store, gone, clock=FakeClock()).product is None
    assert take(session, store, as_of=START - DAY).withdrawn_at == START


def test_a_taken_handle_gets_a_number(session: Session) -> None:
    store = make_store(session)
    make_product(session, store)
    assert take(session, store, handle="ridge-daypack").handle == "ridge-daypack-2"
    assert free_handle(session, store, "new") == "new-2"


def test_a_variant_of_another_product_is_refused_in_words(session: Session) -> None:
    store = make_store(session)
    other = make_product(session, store, variants=("Moss",))
    with pytest.raises(ReportRefused, match="belongs to another product"):
        take(session, store, variants=(ReportedVariant(other.variants[0].shop_id, "Moss"),))


def test_a_price_nobody_can_read_is_no_price(session: Session) -> None:
    assert take(session, make_store(session), price="ask us").price_minor is None
