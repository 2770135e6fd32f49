"""Which addresses a store may not ask, and for which reason of several."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy.orm import Session

from reviews_app.models.order import Order
from reviews_app.models.store import Store
from reviews_app.models.suppression import Suppression, SuppressionReason, erased_key
from reviews_app.queries.order_list import order_page
from reviews_app.queries.suppressions import SHOWN, last_suppressed, suppressed
from reviews_app.services.suppress_address import suppress_address
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock

ANN = "ann@example.com"
UMLAUT, PUNY = "ann@müller.example", "ann@xn--mller-kva.example"


def asked(session: Session, store: Store, *addresses: str) -> dict[str, SuppressionReason]:
    return suppressed(session, store.id, addresses, now=START)


def test_nobody_is_kept_away_from_an_empty_list(session: Session) -> None:
    store = make_store(session)
    assert (asked(session, store), asked(session, store, ANN, ""), last_suppressed(session, store)) == ({}, {}, [])


@pytest.mark.parametrize("said", [UMLAUT, PUNY])
def test_a_mailbox_is_kept_away_from_however_its_host_is_spelled(session: Session, clock: FakeClock, said: str) -> None:
    store = make_store(session)
    suppress_address(session, store.id, said, SuppressionReason.UNSUBSCRIBED, clock=clock)
    every = (UMLAUT, PUNY, "Ann@MÜLLER.example", "ann@muller.example")
    assert asked(session, store, *every) == dict.fromkeys(every[:3], SuppressionReason.UNSUBSCRIBED)


def test_two_buyers_of_one_mailbox_are_both_shown_as_not_to_be_asked(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    pack = make_product(session, store)
    for number, email in enumerate((UMLAUT, PUNY)):
        make_order(session, store, pack, email=email, number=f"#{number}")
    suppress_address(session, store.id, PUNY, SuppressionReason.COMPLAINED, clock=clock)
    session.flush()
    rows = order_page(session, store, after="", now=START).rows
    assert [row.not_asked for row in rows] == [SuppressionReason.COMPLAINED] * 2
    assert not any(row.may_ask(START) for row in rows)


def test_the_weightiest_of_several_reasons_is_told_whichever_came_first(session: Session, clock: FakeClock) -> None:
    reasons = (SuppressionReason.COMPLAINED, SuppressionReason.UNSUBSCRIBED, SuppressionReason.BOUNCED)
    store = make_store(session)
    for number, order in enumerate(permutations(reasons)):
        for reason in order:
            suppress_address(session, store.id, f"{number}@example.com", reason, clock=clock)
    every = [f"{number}@example.com" for number in range(6)]
    assert asked(session, store, *every) == dict.fromkeys(every, SuppressionReason.COMPLAINED)


def test_an_erased_person_is_known_again_and_outweighs_everything(session: Session, clock: FakeClock) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    erased = SuppressionReason.ERASED
    session.add(Suppression(store_id=store.id, email_key=erased_key(store.id, ANN), reason=erased, since=START))
    suppress_address(session, store.id, ANN, SuppressionReason.COMPLAINED, clock=clock)
    session.flush()
    assert asked(session, store, "ANN@example.com ") == {"ANN@example.com ": erased}
    assert asked(session, other, ANN) == {}
    # Nothing readable is noted of them again.
    assert list(last_suppressed(session, store)) == []


def test_a_full_mailbox_may_be_asked_again_from_its_moment_on(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    full = SuppressionReason.BOUNCED
    suppress_address(session, store.id, ANN, full, clock=clock, until=START + timedelta(days=1))
    session.flush()
    almost = START + timedelta(days=1) - timedelta(microseconds=1)
    assert suppressed(session, store.id, [ANN], now=almost) == {ANN: full}
    assert suppressed(session, store.id, [ANN], now=START + timedelta(days=1)) == {}


def test_the_list_shows_the_newest_and_its_own_stores_alone(session: Session, clock: FakeClock) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    for number in range(SHOWN + 2):
        suppress_address(session, store.id, f"{number}@example.com", SuppressionReason.BOUNCED, clock=clock)
        clock.advance(seconds=1)
    suppress_address(session, other.id, ANN, SuppressionReason.BOUNCED, clock=clock)
    session.flush()
    shown = [row.email_key for row in last_suppressed(session, store)]
    assert shown == [f"{number}@example.com" for number in range(SHOWN + 1, 1, -1)]
    assert len(last_suppressed(session, other)) == 1


def test_an_order_without_an_address_left_is_of_somebody_erased(session: Session) -> None:
    store = make_store(session)
    order: Order = make_order(session, store, make_product(session, store))
    order.customer.email = ""
    session.flush()
    assert order_page(session, store, after="", now=START).rows[0].not_asked is SuppressionReason.ERASED
