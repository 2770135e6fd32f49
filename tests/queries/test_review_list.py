import base64
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.product import Product
from reviews_app.models.review import RejectionReason, Review
from reviews_app.models.store import Store
from reviews_app.queries.review_list import PAGE, Order, ReviewPage, ShownReview, review_page
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.reply_to_review import reply_to_review
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock
from tests.fakes.statements import counted_statements

SOME_ID = "01a20b760f4a75619b93011f46bcb1dc"


def shop(session: Session, slug: str = "larkspur") -> tuple[Store, Product]:
    store = make_store(session, slug)
    return store, make_product(session, store)


def make_row(session: Session, store: Store, product: Product, rating: int, at: datetime) -> Review:
    review = leave_review(session, store, product, rating=rating, clock=FakeClock(at))
    session.flush()
    return review


def pages(
    session: Session, store: Store, product: Product, *, order: Order, stars: int | None = None
) -> Iterator[ReviewPage]:
    """Every page, by the key each one gives."""
    after = ""
    while True:
        page = review_page(session, store, product, order=order, stars=stars, after=after)
        yield page
        if page.next_key is None:
            return
        after = page.next_key


def walked(
    session: Session, store: Store, product: Product, *, order: Order, stars: int | None = None
) -> list[ShownReview]:
    return [one for page in pages(session, store, product, order=order, stars=stars) for one in page.reviews]


def sort_key(order: Order, review: Review) -> tuple[float, ...]:
    newest = (-review.created_at.timestamp(), -float(review.id.int))
    stars = {Order.NEWEST: 0, Order.HIGHEST: -review.rating, Order.LOWEST: review.rating}[order]
    return (stars, *newest)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("stars", [None, 4])
def test_pages_over_equal_values_neither_skip_nor_repeat(session: Session, order: Order, stars: int | None) -> None:
    store, product = shop(session)
    made = [make_row(session, store, product, rating, START) for rating in (4, 4, 4, 5) * 9]
    expected = sorted((one for one in made if stars in (None, one.rating)), key=lambda one: sort_key(order, one))
    found = walked(session, store, product, order=order, stars=stars)
    assert [one.anchor for one in found] == [one.id.hex for one in expected]


@pytest.mark.parametrize("order", Order)
@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.integers(1, 5), st.sampled_from([0, 1, 2, 10**6, 10**6 + 1])), max_size=35))
def test_any_mixture_of_stars_and_moments_is_walked_once_in_order(
    session: Session, order: Order, rows: list[tuple[int, int]]
) -> None:
    store, product = shop(session, f"shop-{new_id().hex[-8:]}")
    made = [make_row(session, store, product, rating, START + timedelta(microseconds=more)) for rating, more in rows]
    expected = sorted(made, key=lambda one: (sort_key(order, one)[0], -one.created_at.timestamp(), -one.id.int))
    found = walked(session, store, product, order=order)
    assert [one.anchor for one in found] == [one.id.hex for one in expected]


@pytest.mark.parametrize(
    "at",
    [
        datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2026, 11, 23, 12, 0, 0, 123_457, UTC),
        datetime(2038, 1, 19, 3, 14, 8, 1, UTC),
        datetime(2099, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC),
    ],
)
def test_a_key_holds_its_moment_to_the_microsecond_in_any_year(session: Session, at: datetime) -> None:
    store, product = shop(session)
    made = {make_row(session, store, product, 4, at).id.hex for _ in range(PAGE * 2 + 3)}
    found = [one.anchor for one in walked(session, store, product, order=Order.NEWEST)]
    assert (len(found), set(found)) == (len(made), made)


@pytest.mark.parametrize("order", Order)
def test_reviews_that_come_and_go_meanwhile_shift_no_page(session: Session, clock: FakeClock, order: Order) -> None:
    store, product = shop(session)
    made = [make_row(session, store, product, 4, START + timedelta(hours=hour)) for hour in range(PAGE * 3)]
    first = review_page(session, store, product, order=order, stars=None)
    make_row(session, store, product, 4, START + timedelta(days=9))
    for shown in made[-PAGE:][:3]:
        reject_review(session, shown, reason=RejectionReason.SPAM, clock=clock)
    second = review_page(session, store, product, order=order, stars=None, after=first.next_key or "")
    assert [one.anchor for one in second.reviews] == [one.id.hex for one in reversed(made[PAGE : PAGE * 2])]


def test_the_row_a_key_was_made_of_may_be_gone(session: Session) -> None:
    store, product = shop(session)
    made = [make_row(session, store, product, 4, START) for _ in range(PAGE + 2)]
    first = review_page(session, store, product, order=Order.NEWEST, stars=None)
    session.delete(made[2])
    session.flush()
    second = review_page(session, store, product, order=Order.NEWEST, stars=None, after=first.next_key or "")
    assert [one.anchor for one in second.reviews] == [made[1].id.hex, made[0].id.hex]


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "key",
    [
        "x",
        "====",
        "ä",
        "\x00",
        "A" * 5000,
        encoded("4.1"),
        encoded("4.1.2.3"),
        encoded("4.x.y"),
        encoded(f"4.{10**30}.{SOME_ID}"),
        encoded(f"4.{-(10**17)}.{SOME_ID}"),
        encoded(f"{10**30}.0.{SOME_ID}"),
        encoded(f"-1.0.{SOME_ID}"),
        encoded(f"0.0.{SOME_ID}"),
        encoded(f"4.nan.{SOME_ID}"),
        encoded(f"{'9' * 5000}.0.{SOME_ID}"),
        encoded("4.0.' OR 1=1 --"),
    ],
)
@pytest.mark.parametrize("order", Order)
def test_a_key_nobody_gave_begins_at_the_start(session: Session, key: str, order: Order) -> None:
    store, product = shop(session)
    made = make_row(session, store, product, 4, START)
    page = review_page(session, store, product, order=order, stars=None, after=key)
    assert [one.anchor for one in page.reviews] == [made.id.hex]


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, PAGE * 2])
def test_the_last_page_has_no_key(session: Session, count: int) -> None:
    store, product = shop(session)
    for _ in range(count):
        make_row(session, store, product, 4, START)
    sizes = [len(page.reviews) for page in pages(session, store, product, order=Order.NEWEST)]
    assert sum(sizes) == count
    assert len(sizes) == max(1, -(-count // PAGE))


def test_only_published_reviews_of_this_product_show(session: Session, clock: FakeClock) -> None:
    store, product = shop(session)
    shown = make_row(session, store, product, 5, START)
    waiting = leave_review(session, store, product, is_suspect=True)
    gone = make_row(session, store, product, 5, START)
    reject_review(session, gone, reason=RejectionReason.SPAM, clock=clock)
    make_row(session, store, make_product(session, store, "stove"), 5, START)
    other, theirs = shop(session, "juniper")
    make_row(session, other, theirs, 5, START)
    assert [one.anchor for one in walked(session, store, product, order=Order.NEWEST)] == [shown.id.hex]
    publish_review(session, waiting, clock=clock)
    assert len(walked(session, store, product, order=Order.NEWEST)) == 2
    assert walked(session, store, theirs, order=Order.NEWEST) == []


def test_a_shown_review_tells_nothing_private(session: Session, clock: FakeClock) -> None:
    store, product = shop(session)
    review = leave_review(session, store, product, name="Morgan Wellington", email="private@example.com")
    reply_to_review(session, review, body="Thank you.", clock=clock)
    session.flush()
    shown = walked(session, store, product, order=Order.NEWEST)[0]
    assert "Wellington" not in str(asdict(shown))
    assert "private@" not in str(asdict(shown))
    assert {one.name for one in fields(ShownReview)}.isdisjoint({"email", "name", "email_key", "order_id", "form_id"})
    assert shown.reply is not None
    assert (shown.display_name, shown.reply.store_name, shown.reply.body) == ("Morgan W.", "Larkspur", "Thank you.")


@pytest.mark.parametrize("count", [1, PAGE, PAGE * 2])
def test_a_page_costs_five_statements_however_many_reviews(session: Session, count: int) -> None:
    store, product = shop(session)
    for _ in range(count):
        make_row(session, store, product, 4, START)
    session.expunge_all()
    store, product = session.scalars(select(Store)).one(), session.scalars(select(Product)).one()
    with counted_statements(session) as sent:
        review_page(session, store, product, order=Order.NEWEST, stars=None)
    assert len(sent) <= 5
