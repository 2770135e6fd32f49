"""Takes in what a shop reports of an order: twice, late or out of order, the result is the same."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.ids import new_id
from reviews_app.lib.people import email_key
from reviews_app.models.customer import Customer
from reviews_app.models.order import ConsentBasis, Order, OrderLine
from reviews_app.models.order_report import OrderReport, ReportedLine
from reviews_app.models.shop_facts import FactsAbout, ShopFacts
from reviews_app.models.store import Store
from reviews_app.services.plan_requests import plan_order
from reviews_app.services.record_product import product_of_line
from reviews_app.services.shop_facts import facts_of
from reviews_app.services.take_turn import take_turn

# Names of counts: "back" and a line, "refund", its id and a line; of moments: "arrived" and a parcel. No id holds a
# line break.
BACK, REFUND, ARRIVED = "back\n", "refund\n", "arrived\n"
WHOLE, UNNAMED = "whole", "unnamed"
CANCELLED = "is_cancelled"
NEEDED = {"email": "an email address", "placed_at": "the day it was placed", "lines": "what was bought"}


@dataclass(frozen=True, slots=True)
class RecordedOrder:
    """The order, or None while `lacking` says what has not been reported yet; whether anything changed."""

    order: Order | None
    is_changed: bool
    lacking: str = ""


def record_order(session: Session, store: Store, report: OrderReport, *, clock: Clock) -> RecordedOrder:
    """Merge the report into the order's facts and draw the order, its lines and its buyer from them.

    An order shows once its address, day and lines are known; until then its facts are kept.
    """
    take_turn(session, store)
    facts = facts_of(session, store, FactsAbout.ORDER, shop_id=report.shop_id)
    order = session.scalar(select(Order).where(Order.store_id == store.id, Order.shop_id == report.shop_id))
    if order is not None and not facts.known:
        remember_order(order, facts)
    is_changed = facts.learn(report.as_of, newest=_newest(report), first=_first(report), most=_most(report))
    lacking = [words for name, words in NEEDED.items() if facts.newest(name) is None]
    if lacking or not is_changed:
        session.flush()
        return RecordedOrder(order, is_changed, " and ".join(lacking))
    if order is None:
        order = Order(store_id=store.id, shop_id=report.shop_id, lines=[])
    _draw(session, store, order, facts=facts, clock=clock)
    plan_order(session, store, order, now=clock())
    return RecordedOrder(order, is_changed=True)


def line_ids(lines: tuple[ReportedLine, ...]) -> list[str]:
    """What each line is called: the shop's id, else its product and variant, numbered where two are alike.

    A number never makes the name that another line has from the shop.
    """
    given = [line.shop_id or f"{line.product_id}:{line.variant_id}" for line in lines]
    taken, seen = set(given), Counter[str]()
    names = []
    for name in given:
        seen[name] += 1
        unique = name
        while seen[name] > 1 and (unique := f"{name}:{seen[name]}") in taken:
            seen[name] += 1
        taken.add(unique)
        names.append(unique)
    return names


def _newest(report: OrderReport) -> dict[str, Any]:
    lines = None
    if report.lines is not None:
        named = zip(line_ids(report.lines), report.lines, strict=True)
        lines = [
            [name, one.product_id, one.title, one.quantity, one.variant_id, one.variant, one.sku] for name, one in named
        ]
    moments = {name: getattr(report, name) for name in ("placed_at", "fulfilled_at", "delivered_at")}
    texts = {name: getattr(report, name) for name in ("number", "email", "name", "country_code", "locale", "time_zone")}
    return texts | {
        **{name: None if at is None else at.isoformat() for name, at in moments.items()},
        "lines": lines,
        "parcels": None if report.parcels is None else [one.shop_id for one in report.parcels],
        "consent": _consent(report),
        # Of one moment "cancelled" wins.
        CANCELLED: True if report.cancelled_at is not None else False if report.is_alive else None,
    }


def _first(report: OrderReport) -> dict[str, datetime | None]:
    parcels = (*(report.parcels or ()), *report.arrivals)
    return {f"{ARRIVED}{one.shop_id}": one.arrived_at for one in parcels} | {"cancelled_at": report.cancelled_at}


def remember_order(order: Order, facts: ShopFacts) -> None:
    """An order from before facts were kept: its row is the oldest report."""
    lines = tuple(
        ReportedLine(
            line.product.shop_id,
            line.product.title,
            line.shop_id,
            line.quantity,
            line.variant.shop_id if line.variant else "",
            line.variant.name if line.variant else "",
            line.variant.sku if line.variant else "",
        )
        for line in order.lines
    )
    report = OrderReport(
        shop_id=order.shop_id,
        as_of=order.placed_at,
        number=order.number,
        email=order.customer.email,
        name=order.buyer_name or order.customer.name,
        country_code=order.country_code,
        placed_at=order.placed_at,
        fulfilled_at=order.fulfilled_at,
        lines=lines,
    )
    facts.learn(report.as_of, newest=_newest(report))


def _consent(report: OrderReport) -> list[str | None] | None:
    if report.consent is None:
        return None
    at = report.consent.at
    basis = None if report.consent.basis is None else str(report.consent.basis)
    return [basis, report.consent.text, None if at is None else at.isoformat()]


def _most(report: OrderReport) -> dict[str, int]:
    lines = report.lines or ()
    named = zip(line_ids(lines), lines, strict=True)
    most = {f"{BACK}{name}": one.refunded_quantity for name, one in named if one.refunded_quantity}
    most |= {f"{REFUND}{one.refund_id}\n{one.line_id}": one.quantity for one in report.refunds}
    flags = {WHOLE: report.is_refunded, UNNAMED: report.has_unnamed_refund}
    return most | {name: 1 for name, is_so in flags.items() if is_so}


def _draw(session: Session, store: Store, order: Order, *, facts: ShopFacts, clock: Clock) -> None:
    order.number = facts.newest("number") or f"#{order.shop_id}"
    order.buyer_name = facts.newest("name") or ""
    for name in ("country_code", "locale", "time_zone"):
        setattr(order, name, facts.newest(name))
    order.placed_at = facts.moment("placed_at") or order.placed_at
    order.delivered_at = facts.moment("delivered_at") or _all_arrived(facts)
    # What was delivered had left.
    order.fulfilled_at = facts.moment("fulfilled_at") or order.delivered_at
    order.cancelled_at = _cancelled_at(facts)
    order.has_unnamed_refund = facts.most(UNNAMED) > 0
    order.changed_at = clock()
    _draw_consent(order, facts)
    order.customer = _buyer(session, store, order, facts, clock=clock)
    session.add(order)
    session.flush()
    _draw_lines(session, store, order, facts, clock=clock)
    _draw_refunds(order, facts)
    if not facts.is_erased:
        _name_customer(session, order.customer)
    session.flush()


def _cancelled_at(facts: ShopFacts) -> datetime | None:
    """None once a report from after the first cancellation, and after every other, says that the order is alive."""
    at = facts.first("cancelled_at")
    if at is None or facts.newest(CANCELLED) is not False:
        return at
    return None if datetime.fromisoformat(facts.newest_stamp(CANCELLED)) > at else at


def _all_arrived(facts: ShopFacts) -> datetime | None:
    """The day of the last parcel, once everything has left and each has arrived."""
    parcels = facts.newest("parcels")
    if not parcels or facts.newest("fulfilled_at") is None:
        return None
    days = [facts.first(f"{ARRIVED}{parcel}") for parcel in parcels]
    arrived = [day for day in days if day is not None]
    return max(arrived) if len(arrived) == len(days) else None


def _draw_consent(order: Order, facts: ShopFacts) -> None:
    consent = facts.newest("consent")
    if consent is not None:
        basis, order.consent_text, at = consent
        order.consent_basis = None if basis is None else ConsentBasis(basis)
        order.consent_at = None if at is None else datetime.fromisoformat(at)


def _draw_lines(session: Session, store: Store, order: Order, facts: ShopFacts, *, clock: Clock) -> None:
    """The newest report's lines and no others."""
    as_of = datetime.fromisoformat(facts.newest_stamp("lines"))
    lines: list[list[Any]] = facts.newest("lines")
    held = {line.shop_id: line for line in order.lines}
    drawn = []
    for place, (name, product_id, title, quantity, variant_id, variant, sku) in enumerate(lines):
        reported = ReportedLine(product_id, title, name, variant_id=variant_id, variant=variant, sku=sku)
        product, kind = product_of_line(session, store, reported, as_of=as_of, clock=clock)
        line = held.pop(name, None) or OrderLine(store_id=store.id, shop_id=name)
        line.product, line.variant, line.quantity, line.position = product, kind, quantity, place
        drawn.append(line)
    for left_out in held.values():
        session.delete(left_out)
    order.lines = drawn


def _draw_refunds(order: Order, facts: ShopFacts) -> None:
    by_refund: Counter[str] = Counter()
    for name, count in facts.counts(REFUND).items():
        by_refund[name.split("\n")[2]] += count
    for line in order.lines:
        back = max(facts.most(f"{BACK}{line.shop_id}"), by_refund[line.shop_id])
        line.refunded_quantity = line.quantity if facts.most(WHOLE) else min(line.quantity, back)


def _buyer(session: Session, store: Store, order: Order, facts: ShopFacts, *, clock: Clock) -> Customer:
    """Whom the facts name. Who was erased stays nobody, also where the order shows only now."""
    if not facts.is_erased:
        return _customer(session, store, facts.newest("email"), clock=clock)
    return order.customer or Customer(
        store_id=store.id, email="", email_key=f"erased-{new_id().hex}", created_at=clock()
    )


def _customer(session: Session, store: Store, email: str, *, clock: Clock) -> Customer:
    key = email_key(email)
    customer = session.scalar(select(Customer).where(Customer.store_id == store.id, Customer.email_key == key))
    if customer is None:
        customer = Customer(store_id=store.id, email=email.strip(), email_key=key, created_at=clock())
        session.add(customer)
    return customer


def _name_customer(session: Session, customer: Customer) -> None:
    """Name and country as in the buyer's newest order that tells them."""
    mine = select(Order).where(Order.customer_id == customer.id)
    newest_first = (Order.placed_at.desc(), Order.shop_id.desc())
    named = session.scalar(mine.where(Order.buyer_name != "").order_by(*newest_first).limit(1))
    placed = session.scalar(mine.where(Order.country_code.is_not(None)).order_by(*newest_first).limit(1))
    customer.name = named.buyer_name if named else customer.name or ""
    customer.country_code = placed.country_code if placed else customer.country_code
