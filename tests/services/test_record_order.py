from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.models.customer import Customer
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis, Order, OrderLine
from reviews_app.models.order_report import Consent, OrderReport, Refund, ReportedLine
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.shop_facts import FactsAbout, ShopFacts
from reviews_app.models.store import Store
from reviews_app.services.record_order import line_ids, record_order
from tests.factories.order import make_order
from tests.factories.order_report import make_report
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock

DAY = timedelta(days=1)


def take(session: Session, store: Store, **changes: Any) -> Order:
    order = record_order(session, store, make_report(**changes), clock=FakeClock()).order
    assert order is not None
    return order


def bare(**facts: Any) -> OrderReport:
    """A report that names the order and says one thing of it."""
    values: dict[str, Any] = {"shop_id": "5001", "as_of": START}
    return OrderReport(**(values | facts))


def count(session: Session, table: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_order_comes_in_with_its_buyer_and_its_lines(session: Session) -> None:
    store = make_store(session)
    order = take(session, store)
    assert (order.number, order.customer.email, order.customer.name) == ("#1205", "Morgan@Example.com", "Morgan Reed")
    assert [(line.product.shop_id, line.quantity) for line in order.lines] == [("p-1", 2)]
    assert order.changed_at == START


def test_the_same_report_twice_changes_nothing(session: Session) -> None:
    store = make_store(session)
    take(session, store)
    again = record_order(session, store, make_report(), clock=FakeClock(START + DAY))
    assert not again.is_changed
    assert again.order is not None
    assert again.order.changed_at == START
    assert (count(session, Order), count(session, OrderLine), count(session, Customer)) == (1, 1, 1)


def test_fulfilled_then_delivered_are_told_apart(session: Session) -> None:
    store = make_store(session)
    take(session, store)
    take(session, store, as_of=START - 5 * DAY, fulfilled_at=START - 5 * DAY)
    order = take(session, store, as_of=START - DAY, delivered_at=START - DAY)
    assert (order.fulfilled_at, order.delivered_at) == (START - 5 * DAY, START - DAY)


def test_what_was_delivered_had_left(session: Session) -> None:
    order = take(session, make_store(session), delivered_at=START - DAY)
    assert order.fulfilled_at == order.delivered_at == START - DAY


def test_a_late_report_overwrites_nothing_newer(session: Session) -> None:
    store = make_store(session)
    take(session, store, as_of=START, email="new@example.com", country_code="DE")
    order = take(session, store, as_of=START - DAY, email="old@example.com", country_code="FR", locale="fr-FR")
    assert (order.customer.email, order.country_code) == ("new@example.com", "DE")
    assert order.locale == "fr-FR", "only the late report said anything of it"


def test_a_report_that_says_nothing_of_a_field_takes_nothing_back(session: Session) -> None:
    store = make_store(session)
    take(session, store, fulfilled_at=START - 3 * DAY)
    order = record_order(session, store, bare(), clock=FakeClock()).order
    assert order is not None
    assert order.fulfilled_at == START - 3 * DAY
    assert len(order.lines) == 1


def test_cancelled_stays_cancelled_whatever_comes_later(session: Session) -> None:
    store = make_store(session)
    take(session, store, as_of=START - 2 * DAY, cancelled_at=START - 2 * DAY)
    order = take(session, store, as_of=START, fulfilled_at=START)
    assert order.is_cancelled
    assert order.kept_lines == []


CANCELLED = bare(as_of=START - 2 * DAY, cancelled_at=START - 2 * DAY)
PAID = bare(as_of=START - DAY, is_alive=True)
AGAIN = bare(as_of=START, cancelled_at=START)


@pytest.mark.parametrize(
    ("reports", "is_cancelled"),
    [
        ((CANCELLED, PAID), False),
        ((CANCELLED, bare(as_of=START - 3 * DAY, is_alive=True)), True),
        ((CANCELLED, bare(as_of=START - 2 * DAY, is_alive=True)), True),
        ((CANCELLED, PAID, AGAIN), True),
        ((CANCELLED, PAID, bare(as_of=START, number="#9")), False),
        ((CANCELLED, AGAIN, bare(as_of=START + DAY, is_alive=True)), False),
    ],
)
def test_a_later_word_of_the_shop_brings_an_order_back_in_whatever_order_its_reports_come(
    session: Session, reports: tuple[OrderReport, ...], is_cancelled: bool
) -> None:
    for place, coming in enumerate(permutations(reports)):
        store = make_store(session, f"larkspur-{place}")
        for report in (*coming, coming[0]):
            record_order(session, store, report, clock=FakeClock())
        assert take(session, store, as_of=START - 9 * DAY).is_cancelled is is_cancelled


def test_an_order_cancelled_before_reports_told_who_is_alive_comes_back_only_by_a_later_one(session: Session) -> None:
    store = make_store(session)
    take(session, store, as_of=START - 2 * DAY, cancelled_at=START - 2 * DAY)
    facts = session.scalars(select(ShopFacts).where(ShopFacts.about == FactsAbout.ORDER)).one()
    facts.known = facts.known | {"newest": {k: v for k, v in facts.known["newest"].items() if k != "is_cancelled"}}
    assert take(session, store, as_of=START - 3 * DAY, is_alive=True).is_cancelled
    assert not take(session, store, as_of=START - DAY, is_alive=True).is_cancelled


def test_who_is_alive_again_is_planned_for_again(session: Session) -> None:
    store = make_store(session)
    make_rule(session, store)
    take(session, store, as_of=START, fulfilled_at=START, cancelled_at=START)
    assert session.scalars(select(PlannedMail.reason)).all() == [NotSent.CANCELLED]
    take(session, store, as_of=START + DAY, is_alive=True)
    plan = session.scalars(select(PlannedMail)).one()
    assert (plan.state, plan.reason) == (PlannedState.PLANNED, None)


def test_the_first_cancellation_is_the_one_that_counts(session: Session) -> None:
    store = make_store(session)
    take(session, store, cancelled_at=START)
    assert take(session, store, as_of=START, cancelled_at=START - DAY).cancelled_at == START - DAY


def test_a_refund_before_its_order_waits_and_is_not_forgotten(session: Session) -> None:
    store = make_store(session)
    waits = record_order(session, store, bare(refunds=(Refund("r-1", "l-1", 1),)), clock=FakeClock())
    assert waits.order is None
    assert waits.lacking == "an email address and the day it was placed and what was bought"
    order = take(session, store)
    assert [line.refunded_quantity for line in order.lines] == [1]
    assert not order.lines[0].is_refunded


def test_refunds_add_up_by_their_ids_and_never_beyond_what_was_bought(session: Session) -> None:
    store = make_store(session)
    take(session, store)
    for refund in ("r-1", "r-1", "r-2", "r-3"):
        record_order(session, store, bare(refunds=(Refund(refund, "l-1", 1),)), clock=FakeClock())
    line = session.scalars(select(OrderLine)).one()
    assert (line.refunded_quantity, line.is_refunded) == (2, True)


def test_the_largest_count_given_back_stays(session: Session) -> None:
    store = make_store(session)
    two_back = (ReportedLine("p-1", shop_id="l-1", quantity=2, refunded_quantity=2),)
    take(session, store, lines=two_back)
    assert take(session, store, as_of=START).lines[0].refunded_quantity == 2


def test_a_whole_refund_covers_every_line_even_one_that_comes_later(session: Session) -> None:
    store = make_store(session)
    record_order(session, store, bare(is_refunded=True), clock=FakeClock())
    lines = (ReportedLine("p-1", shop_id="l-1"), ReportedLine("p-2", shop_id="l-2", quantity=3))
    assert all(line.is_refunded for line in take(session, store, lines=lines).lines)


def test_a_refund_of_no_line_in_particular_is_told(session: Session) -> None:
    store = make_store(session)
    assert not take(session, store).has_unnamed_refund
    assert take(session, store, as_of=START, has_unnamed_refund=True).has_unnamed_refund
    assert take(session, store, as_of=START + DAY).has_unnamed_refund


def test_the_newest_lines_are_the_lines(session: Session) -> None:
    store = make_store(session)
    take(session, store)
    newest = (ReportedLine("p-2", "Mug", "l-2", 1), ReportedLine("p-1", "Ridge Daypack", "l-1", 5))
    order = take(session, store, as_of=START, lines=newest)
    assert [(line.shop_id, line.quantity) for line in order.lines] == [("l-2", 1), ("l-1", 5)]
    order = take(session, store, as_of=START + DAY, lines=newest[:1])
    session.refresh(order)
    assert [line.shop_id for line in order.lines] == ["l-2"]


def test_lines_without_ids_are_named_by_what_they_hold() -> None:
    pack, mug = ReportedLine("p-1", variant_id="v-1"), ReportedLine("p-2")
    assert line_ids((pack, mug, pack, mug)) == ["p-1:v-1", "p-2:", "p-1:v-1:2", "p-2::2"]


def test_a_numbered_line_never_takes_the_name_another_has_from_the_shop(session: Session) -> None:
    a, b = ReportedLine("p-1", shop_id="A"), ReportedLine("p-1", shop_id="A:2")
    assert line_ids((a, a, b)) == ["A", "A:3", "A:2"]
    assert line_ids((a, b, a, b, a)) == ["A", "A:2", "A:3", "A:2:2", "A:4"]
    order = take(session, make_store(session), lines=(a, a, b))
    assert [line.shop_id for line in order.lines] == ["A", "A:3", "A:2"]
    assert line_ids((a,) * 1000)[-1] == "A:1000"


def test_an_unknown_product_is_made_and_needs_a_picture(session: Session) -> None:
    store = make_store(session)
    line = take(session, store, lines=(ReportedLine("p-9", "Héron Étui", "l", 1, "v-9", "Moss", "HER-M"),)).lines[0]
    assert (line.product.title, line.product.handle) == ("Héron Étui", "heron-etui")
    assert line.product.needs_picture
    assert line.product.is_sketch
    assert line.variant is not None
    assert (line.variant.name, line.variant.sku) == ("Moss", "HER-M")


def test_a_known_product_is_used_and_gets_only_the_variant_it_lacks(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store, variants=("Moss",))
    known = ReportedLine(product.shop_id, "Another title", "a", variant_id=product.variants[0].shop_id)
    lacking = ReportedLine(product.shop_id, "Another title", "b", variant_id="v-clay", variant="Clay")
    order = take(session, store, lines=(known, lacking))
    assert [line.product_id for line in order.lines] == [product.id, product.id]
    assert [one.name for one in product.variants] == ["Moss", "Clay"]
    assert product.title == "Ridge Daypack"
    assert count(session, Product) == 1


def test_a_variant_of_another_product_is_left_out(session: Session) -> None:
    store = make_store(session)
    mug = make_product(session, store, "mug", variants=("Red",))
    line = take(session, store, lines=(ReportedLine("p-1", variant_id=mug.variants[0].shop_id),)).lines[0]
    assert line.variant is None
    assert count(session, ProductVariant) == 1


def test_two_products_of_one_name_have_two_addresses(session: Session) -> None:
    store = make_store(session)
    order = take(session, store, lines=(ReportedLine("p-1", "New"), ReportedLine("p-2", "New"), ReportedLine("p-3")))
    assert [line.product.handle for line in order.lines] == ["new-2", "new-3", "p-3"]


def test_one_address_is_one_customer_named_by_the_newest_order(session: Session) -> None:
    store = make_store(session)
    newer = take(session, store, shop_id="2", placed_at=START, name="Morgan Hill", country_code="NZ")
    older = take(session, store, shop_id="1", email="morgan@example.com", placed_at=START - DAY, name="Morgan Reed")
    assert older.customer_id == newer.customer_id
    assert (newer.customer.name, newer.customer.country_code) == ("Morgan Hill", "NZ")


def test_consent_is_kept_with_its_proof_and_the_newest_word_counts(session: Session) -> None:
    store = make_store(session)
    yes = Consent(ConsentBasis.OPT_IN, "Ask me how it worked out", START - 9 * DAY)
    order = take(session, store, consent=yes)
    assert (order.consent_basis, order.consent_text, order.consent_at) == (yes.basis, yes.text, yes.at)
    take(session, store, as_of=START, consent=Consent(ConsentBasis.REFUSED, "No mail please"))
    assert take(session, store, as_of=START - DAY, consent=yes).consent_basis is ConsentBasis.REFUSED


def test_two_stores_keep_their_own_orders_products_and_customers(session: Session) -> None:
    for slug in ("larkspur", "juniper"):
        take(session, make_store(session, slug))
    assert [count(session, table) for table in (Order, Product, Customer, ShopFacts)] == [2, 2, 2, 4]


def test_an_order_from_before_facts_were_kept_is_its_own_oldest_report(session: Session) -> None:
    store = make_store(session)
    old = make_order(session, store, make_product(session, store, variants=("Moss",)))
    report = OrderReport(shop_id=old.shop_id, as_of=START, cancelled_at=START)
    order = record_order(session, store, report, clock=FakeClock()).order
    assert order is not None
    assert order.id == old.id
    assert (order.cancelled_at, order.customer.name, order.number) == (START, "Morgan Reed", "#1205")
    assert [line.variant.name for line in order.lines if line.variant] == ["Moss"]
