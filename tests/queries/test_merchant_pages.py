"""The merchant's long lists: each page goes on where the last one ended."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.delivery import DeliveryState
from reviews_app.models.review import RejectionReason, ReviewState
from reviews_app.models.store import Publishing, Store
from reviews_app.queries.delivery_list import PAGE as DELIVERIES
from reviews_app.queries.delivery_list import attempts_of, delivery_page
from reviews_app.queries.moderation_list import PAGE as REVIEWS
from reviews_app.queries.moderation_list import last_review_came, moderation_page
from reviews_app.queries.order_list import PAGE as ORDERS
from reviews_app.queries.order_list import order_page
from reviews_app.services.decide_review import publish_review, reject_review
from tests.factories.destination import make_destination
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock

Look = Callable[[str], tuple[list[UUID], UUID | None]]
NONSENSE = ["", "x", "0", "\x00", "'; --", "ffffffff-ffff-ffff-ffff-ffffffffffff", "ä" * 36, "{" + "0" * 32 + "}"]


def walk(look: Look) -> Iterator[list[UUID]]:
    after = ""
    while True:
        ids, following = look(after)
        yield ids
        if following is None:
            return
        after = str(following)


def reviews_of(session: Session, store: Store, state: ReviewState) -> Look:
    def look(after: str) -> tuple[list[UUID], UUID | None]:
        page = moderation_page(session, store, state=state, after=after)
        return [row.id for row in page.rows], page.next_after

    return look


def orders_of(session: Session, store: Store) -> Look:
    def look(after: str) -> tuple[list[UUID], UUID | None]:
        page = order_page(session, store, after=after, now=START)
        return [row.order.id for row in page.rows], page.next_after

    return look


def deliveries_of(session: Session, store: Store, state: DeliveryState | None = None) -> Look:
    def look(after: str) -> tuple[list[UUID], UUID | None]:
        page = delivery_page(session, store, state=state, after=after)
        return [row.id for row in page.rows], page.next_after

    return look


def leave(session: Session, store: Store, moments: list[int]) -> list[UUID]:
    """A review at each moment, in seconds; gives their ids, the oldest first."""
    product = make_product(session, store, f"pack-{new_id().hex}")
    made = [leave_review(session, store, product, clock=FakeClock(START + timedelta(seconds=one))) for one in moments]
    session.flush()
    return [one.id for one in sorted(made, key=lambda one: (one.created_at, one.id))]


MOMENTS = [[0] * 60, list(range(60)), [0, 1, 1] * 20]


@pytest.mark.parametrize("moments", MOMENTS)
def test_what_waits_is_walked_once_the_oldest_first(session: Session, moments: list[int]) -> None:
    store = make_store(session, publishing=Publishing.HOLD_ALL)
    expected = leave(session, store, moments)
    seen = list(walk(reviews_of(session, store, ReviewState.PENDING)))
    assert [one for page in seen for one in page] == expected
    assert [len(page) for page in seen] == [REVIEWS, REVIEWS, 10]


@pytest.mark.parametrize("moments", MOMENTS)
def test_what_shows_is_walked_once_the_newest_first(session: Session, moments: list[int]) -> None:
    store = make_store(session)
    expected = leave(session, store, moments)
    seen = list(walk(reviews_of(session, store, ReviewState.PUBLISHED)))
    assert [one for page in seen for one in page] == expected[::-1]


def test_deciding_what_the_page_ends_with_loses_no_review(session: Session, clock: FakeClock) -> None:
    store = make_store(session, publishing=Publishing.HOLD_ALL)
    expected = leave(session, store, [0] * 60)
    first = moderation_page(session, store, state=ReviewState.PENDING, after="")
    for row in first.rows:
        publish_review(session, row, clock=clock)
    second = moderation_page(session, store, state=ReviewState.PENDING, after=str(first.next_after))
    assert [row.id for row in second.rows] == expected[REVIEWS : 2 * REVIEWS]


def test_the_tabs_count_every_state_of_this_store_only(session: Session, clock: FakeClock) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    product = make_product(session, store)
    rows = [leave_review(session, store, product) for _ in range(5)]
    reject_review(session, rows[0], reason=RejectionReason.OFFENSIVE, clock=clock)
    leave_review(session, store, product, is_suspect=True)
    leave(session, other, [0, 1])
    page = moderation_page(session, store, state=ReviewState.REJECTED, after="")
    assert page.counts == {ReviewState.PUBLISHED: 4, ReviewState.REJECTED: 1, ReviewState.PENDING: 1}
    assert [row.id for row in page.rows] == [rows[0].id]
    assert last_review_came(session, other) == START + timedelta(seconds=1)
    assert last_review_came(session, make_store(session, "alder")) is None


@pytest.mark.parametrize("spread", [0, 1])
def test_orders_are_walked_once_the_newest_first(session: Session, spread: int) -> None:
    store = make_store(session)
    product = make_product(session, store)
    made = [make_order(session, store, product, number=f"#{number}") for number in range(ORDERS + 7)]
    for hours, order in enumerate(made):
        order.placed_at = START + timedelta(hours=hours * spread)
    session.flush()
    seen = [one for page in walk(orders_of(session, store)) for one in page]
    expected = sorted(made, key=lambda order: (order.placed_at, order.id), reverse=True)
    assert seen == [order.id for order in expected]


@pytest.mark.parametrize("moments", MOMENTS)
def test_deliveries_are_walked_once_the_newest_first(session: Session, moments: list[int]) -> None:
    store = make_store(session)
    make_destination(session, store)
    leave(session, store, moments)
    seen = [one for page in walk(deliveries_of(session, store)) for one in page]
    assert (len(seen), len(set(seen))) == (60, 60)
    rows = delivery_page(session, store, state=None, after="").rows
    keys = [(row.created_at, row.id) for row in rows]
    assert keys == sorted(keys, reverse=True)


def test_deliveries_of_one_state_are_walked_without_the_others(session: Session) -> None:
    store = make_store(session)
    make_destination(session, store)
    leave(session, store, [0] * (DELIVERIES * 2 + 4))
    rows = delivery_page(session, store, state=None, after="").rows
    for row in rows[::2]:
        row.state = DeliveryState.FAILED
    session.flush()
    failed = [one for page in walk(deliveries_of(session, store, DeliveryState.FAILED)) for one in page]
    waiting = [one for page in walk(deliveries_of(session, store, DeliveryState.WAITING)) for one in page]
    assert sorted(failed) == sorted(row.id for row in rows[::2])
    assert len(failed) + len(waiting) == DELIVERIES * 2 + 4
    assert attempts_of(session, rows[0]) == []


@pytest.mark.parametrize("after", NONSENSE)
def test_a_page_after_nothing_known_is_the_first(session: Session, after: str) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    for shop in (store, other):
        make_destination(session, shop)
        make_order(session, shop, make_product(session, shop, "stove"))
    mine, theirs = leave(session, store, [0, 1, 2]), leave(session, other, [0, 1, 2])
    looks = [
        reviews_of(session, store, ReviewState.PUBLISHED),
        deliveries_of(session, store),
        orders_of(session, store),
    ]
    assert [len(look(after)[0]) for look in looks] == [3, 3, 1]
    # A row of another store is nothing known either.
    assert looks[0](str(theirs[2]))[0] == mine[::-1]
    foreign = deliveries_of(session, other)("")[0][0]
    assert len(looks[1](str(foreign))[0]) == 3
    assert len(looks[2](str(orders_of(session, other)("")[0][0]))[0]) == 1
