"""Reports of an order in any order, some twice: the rows are the same."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.order_report import Consent, OrderReport, ProductReport, Refund, ReportedLine, ReportedVariant
from reviews_app.models.product import Product
from reviews_app.models.shop_facts import FactsAbout, ShopFacts
from reviews_app.services.record_order import record_order
from reviews_app.services.record_product import record_product
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock

MOMENTS = st.integers(0, 40).map(lambda hours: START - timedelta(hours=hours))
PERHAPS_MOMENT = st.none() | MOMENTS
LINES = st.lists(
    st.builds(
        ReportedLine,
        product_id=st.sampled_from(["p-1", "p-2"]),
        title=st.sampled_from(["Pack", "Mug", ""]),
        shop_id=st.sampled_from(["l-1", "l-2", "l-3"]),
        quantity=st.integers(1, 3),
        refunded_quantity=st.integers(0, 3),
    ),
    max_size=3,
    unique_by=lambda line: line.shop_id,
).map(tuple)
REFUNDS = st.lists(
    st.builds(Refund, st.sampled_from(["r-1", "r-2"]), st.sampled_from(["l-1", "l-2"]), st.integers(1, 2)), max_size=2
).map(tuple)
REPORTS: st.SearchStrategy[OrderReport] = st.builds(
    OrderReport,
    shop_id=st.just("5001"),
    as_of=MOMENTS,
    number=st.none() | st.sampled_from(["#1", "#2"]),
    email=st.none() | st.sampled_from(["a@example.com", "b@example.com"]),
    name=st.none() | st.sampled_from(["Ana", "Bo"]),
    country_code=st.none() | st.sampled_from(["DE", "US"]),
    placed_at=PERHAPS_MOMENT,
    fulfilled_at=PERHAPS_MOMENT,
    delivered_at=PERHAPS_MOMENT,
    cancelled_at=PERHAPS_MOMENT,
    is_alive=st.booleans(),
    consent=st.none() | st.builds(Consent, st.sampled_from(ConsentBasis), st.just("words"), PERHAPS_MOMENT),
    lines=st.none() | LINES,
    refunds=REFUNDS,
    is_refunded=st.booleans(),
    has_unnamed_refund=st.booleans(),
)
PRODUCT_REPORTS: st.SearchStrategy[ProductReport] = st.builds(
    ProductReport,
    shop_id=st.just("p-1"),
    as_of=MOMENTS,
    title=st.none() | st.sampled_from(["Ridge Daypack", "Ridge Pack"]),
    description=st.none() | st.sampled_from(["A pack.", "A better pack."]),
    price=st.none() | st.sampled_from(["89.00", "79.00"]),
    variants=st.none() | st.just((ReportedVariant("v-1", "Moss"),)),
    is_withdrawn=st.booleans(),
)
FEW_EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def orders_look(session: Session) -> list[Any]:
    """All of the orders that pages and rules see."""
    return [
        (
            one.number,
            one.customer.email,
            one.buyer_name,
            one.country_code,
            one.placed_at,
            one.fulfilled_at,
            one.delivered_at,
            one.cancelled_at,
            one.has_unnamed_refund,
            (one.consent_basis, one.consent_text, one.consent_at),
            [(line.shop_id, line.product.shop_id, line.quantity, line.refunded_quantity) for line in one.lines],
        )
        for one in session.scalars(select(Order).execution_options(populate_existing=True))
    ]


def products_look(session: Session) -> list[Any]:
    return [
        (
            one.shop_id,
            one.title,
            one.description,
            one.price_minor,
            one.withdrawn_at,
            [kind.name for kind in one.variants],
        )
        for one in session.scalars(select(Product).order_by(Product.shop_id))
    ]


@FEW_EXAMPLES
@given(st.lists(REPORTS, min_size=1, max_size=5), st.data())
def test_orders_do_not_depend_on_when_their_reports_come(
    session: Session, reports: list[OrderReport], data: st.DataObject
) -> None:
    again = data.draw(st.permutations(reports)) + data.draw(st.lists(st.sampled_from(reports), max_size=3))
    looks = []
    for coming in (reports, again):
        with session.begin_nested() as kept:
            store = make_store(session)
            for report in coming:
                record_order(session, store, report, clock=FakeClock())
            session.flush()
            looks.append(orders_look(session))
            kept.rollback()
        session.expire_all()
    assert looks[0] == looks[1]


@FEW_EXAMPLES
@given(st.lists(PRODUCT_REPORTS, min_size=1, max_size=5), st.data())
def test_products_do_not_depend_on_when_their_reports_come(
    session: Session, reports: list[ProductReport], data: st.DataObject
) -> None:
    looks = []
    for coming in (reports, data.draw(st.permutations(reports))):
        with session.begin_nested() as kept:
            store = make_store(session)
            for report in coming:
                record_product(session, store, report, clock=FakeClock())
            looks.append(products_look(session))
            kept.rollback()
        session.expire_all()
    assert looks[0] == looks[1]


FACTS = st.fixed_dictionaries(
    {
        "as_of": MOMENTS,
        "newest": st.dictionaries(st.sampled_from("ab"), st.none() | st.integers(0, 3) | st.sampled_from(["x", "y"])),
        "first": st.dictionaries(st.sampled_from("cd"), PERHAPS_MOMENT),
        "most": st.dictionaries(st.sampled_from("ef"), st.integers(0, 5)),
    }
)


@given(st.lists(FACTS, max_size=6), st.randoms(use_true_random=False))
def test_merging_is_free_of_order_and_repeats(reports: list[dict[str, Any]], dice: Any) -> None:
    def merged(coming: list[dict[str, Any]]) -> Any:
        facts = ShopFacts(about=FactsAbout.ORDER, shop_id="1", known={})
        for report in coming:
            facts.learn(report["as_of"], **{name: report[name] for name in ("newest", "first", "most")})
        return facts.known

    again = reports + reports[:2]
    dice.shuffle(again)
    assert merged(again) == merged(reports)
