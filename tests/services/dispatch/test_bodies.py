import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.models.delivery import Delivery, DeliveryState
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, Told
from tests.services.dispatch.looking import Leave, Send, fresh

MOST = 390_000
# What a body weighs besides its text is below this.
REST = 2_000


def leave_long(kustomer: Receiver, clock: FakeClock, *, letters: int) -> Delivery:
    with transaction() as session:
        store = make_store(session)
        make_destination(session, store, api_url=kustomer.url)
        leave_review(session, store, make_product(session, store), clock=clock, body="x" * letters)
        session.flush()
        return session.scalars(select(Delivery)).one()


def review_text(kustomer: Receiver) -> str:
    review = kustomer.requests[0].event["review"]
    assert isinstance(review, dict)
    return str(review["body"])


def test_389_kilobytes_arrive_whole(in_context: None, send_all: Send, kustomer: Receiver, clock: FakeClock) -> None:
    row = leave_long(kustomer, clock, letters=MOST - REST)
    assert send_all() == 1
    assert MOST - REST < len(kustomer.requests[0].body) <= MOST
    assert (len(review_text(kustomer)), fresh(row).is_reduced) == (MOST - REST, False)
    assert "reduced" not in kustomer.requests[0].event


@pytest.mark.parametrize("letters", [391_000, 2_000_000])
def test_what_is_larger_arrives_shortened_and_says_so(
    in_context: None, send_all: Send, kustomer: Receiver, clock: FakeClock, letters: int
) -> None:
    row = leave_long(kustomer, clock, letters=letters)
    assert send_all() == 1
    assert MOST - REST < len(kustomer.requests[0].body) <= MOST
    assert (fresh(row).state, fresh(row).is_reduced) == (DeliveryState.DELIVERED, True)
    assert "too large" in str(kustomer.requests[0].event["reduced"])
    assert set(review_text(kustomer)) == {"x"}


def test_what_is_too_large_even_shortened_fails_and_is_kept(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    kustomer.always = Told(413)
    for _ in range(3):
        send_all()
        clock.advance(hours=1)
    assert (len(kustomer.requests), fresh(row).state) == (2, DeliveryState.FAILED)
    assert fresh(row).body == kustomer.requests[1].body


def test_a_shortened_body_is_the_same_on_every_later_try(
    app: Flask, leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(1)
    kustomer.told = [Told(413), Told(500), Told(500)]
    for _ in range(4):
        send_all()
        clock.advance(hours=1)
    bodies = [request.body for request in kustomer.requests]
    assert (len(bodies), len(set(bodies[1:]))) == (4, 1)
    assert len({str(request.event["eventId"]) for request in kustomer.requests}) == 1
