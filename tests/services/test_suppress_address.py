from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.not_sent import NotSent
from reviews_app.models.store import Store
from reviews_app.models.suppression import Suppression, SuppressionReason
from reviews_app.services.erase_person import erase_person
from reviews_app.services.may_mail import WhyNot, why_not
from reviews_app.services.request_refused import BuyerNotAsked
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.suppress_address import lift_suppression, suppress_address
from reviews_app.services.tools import Tools
from reviews_app.services.unsubscribe import subscribe_again, unsubscribe
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock

ANN = "Ann@Example.com"


@pytest.fixture
def store(session: Session) -> Store:
    return make_store(session)


def ask(session: Session, store: Store, clock: FakeClock, address: str = ANN) -> WhyNot | None:
    return why_not(session, store=store, address=address, now=clock())


def test_nobody_is_kept_away_without_a_reason(session: Session, store: Store, clock: FakeClock) -> None:
    assert ask(session, store, clock) is None


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_every_reason_is_named_and_has_words(
    session: Session, store: Store, clock: FakeClock, reason: SuppressionReason
) -> None:
    assert suppress_address(session, store.id, ANN, reason, clock=clock)
    found = ask(session, store, clock)
    assert found is WhyNot(reason)
    assert found.words.endswith(".")


@pytest.mark.parametrize("spelled", ["ann@example.com", " ANN@EXAMPLE.COM ", "Ann@example.com"])
def test_an_address_is_known_however_it_is_spelled(
    session: Session, store: Store, clock: FakeClock, spelled: str
) -> None:
    suppress_address(session, store.id, ANN, SuppressionReason.UNSUBSCRIBED, clock=clock)
    assert ask(session, store, clock, spelled) is WhyNot.UNSUBSCRIBED


@pytest.mark.parametrize(("one", "other"), [("ann@bücher.example", "ann@xn--bcher-kva.example")])
def test_an_international_host_is_the_same_in_both_spellings(
    session: Session, store: Store, clock: FakeClock, one: str, other: str
) -> None:
    for said, asked in ((one, other), (other, one)):
        suppress_address(session, store.id, said, SuppressionReason.BOUNCED, clock=clock)
        assert ask(session, store, clock, asked) is WhyNot.BOUNCED
        lift_suppression(session, store.id, asked, SuppressionReason.BOUNCED)
        assert ask(session, store, clock, said) is None


@pytest.mark.parametrize("address", ["", "nobody", "a b@example.com", "jörg@example.com", "a@b@c.example", "x" * 300])
def test_what_is_no_address_is_not_written_to(session: Session, store: Store, clock: FakeClock, address: str) -> None:
    assert ask(session, store, clock, address) is WhyNot.NO_ADDRESS


def test_it_holds_for_one_store_alone(session: Session, store: Store, clock: FakeClock) -> None:
    other = make_store(session, "other")
    suppress_address(session, store.id, ANN, SuppressionReason.COMPLAINED, clock=clock)
    assert ask(session, other, clock) is None


def test_the_second_time_is_no_news_and_keeps_the_first_moment(
    session: Session, store: Store, clock: FakeClock
) -> None:
    assert suppress_address(session, store.id, ANN, SuppressionReason.BOUNCED, clock=clock, detail="550 5.1.1 none")
    clock.advance(days=1)
    assert not suppress_address(session, store.id, ANN, SuppressionReason.BOUNCED, clock=clock, detail="else")
    row = session.scalars(select(Suppression)).one()
    assert (row.detail, row.since) == ("550 5.1.1 none", clock() - timedelta(days=1))


def test_a_reason_that_passes_by_itself_passes(session: Session, store: Store, clock: FakeClock) -> None:
    until = clock() + timedelta(days=30)
    suppress_address(session, store.id, ANN, SuppressionReason.BOUNCED, clock=clock, until=until)
    clock.now = until - timedelta(seconds=1)
    assert ask(session, store, clock) is WhyNot.BOUNCED
    clock.now = until
    assert ask(session, store, clock) is None


def test_a_lasting_reason_is_not_shortened_by_a_passing_one(session: Session, store: Store, clock: FakeClock) -> None:
    suppress_address(session, store.id, ANN, SuppressionReason.BOUNCED, clock=clock)
    soon = clock() + timedelta(days=1)
    suppress_address(session, store.id, ANN, SuppressionReason.BOUNCED, clock=clock, until=soon)
    clock.advance(days=400)
    assert ask(session, store, clock) is WhyNot.BOUNCED


def test_the_weightiest_reason_is_told(session: Session, store: Store, clock: FakeClock) -> None:
    for reason in (SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED, SuppressionReason.UNSUBSCRIBED):
        suppress_address(session, store.id, ANN, reason, clock=clock)
    assert ask(session, store, clock) is WhyNot.COMPLAINED


def test_asking_again_takes_back_the_own_no_and_nothing_else(session: Session, store: Store, clock: FakeClock) -> None:
    customer = make_order(session, store, make_product(session, store), email=ANN).customer
    assert unsubscribe(session, customer, clock=clock)
    assert not unsubscribe(session, customer, clock=clock)
    suppress_address(session, store.id, ANN, SuppressionReason.BOUNCED, clock=clock)
    assert subscribe_again(session, customer)
    assert not subscribe_again(session, customer)
    assert ask(session, store, clock) is WhyNot.BOUNCED


def test_a_request_says_why_it_is_not_sent(session: Session, app: Flask, store: Store, clock: FakeClock) -> None:
    tools: Tools = app.extensions["tools"]
    order = make_order(session, store, make_product(session, store), email=ANN)
    suppress_address(session, store.id, ANN, SuppressionReason.COMPLAINED, clock=clock)
    with pytest.raises(BuyerNotAsked) as refused:
        request_reviews(session, order, store=store, tools=tools)
    assert refused.value.reason is NotSent.COMPLAINED
    assert refused.value.words == WhyNot.COMPLAINED.words


def test_an_erased_person_is_not_readable_and_not_written_to_again(
    session: Session, store: Store, clock: FakeClock
) -> None:
    for reason in (SuppressionReason.BOUNCED, SuppressionReason.UNSUBSCRIBED):
        suppress_address(session, store.id, ANN, reason, clock=clock, detail=f"550 <{ANN}> unknown")
    for _ in range(2):
        erase_person(session, store, ANN, clock=clock)
    row = session.scalars(select(Suppression)).one()
    assert (row.reason, row.detail) == (SuppressionReason.ERASED, "")
    assert "ann" not in row.email_key
    assert ask(session, store, clock, " ann@EXAMPLE.com") is WhyNot.ERASED
    assert ask(session, make_store(session, "other"), clock) is None


def test_the_hash_of_an_erased_address_tells_nothing_over_two_stores(
    session: Session, store: Store, clock: FakeClock
) -> None:
    other = make_store(session, "other")
    for shop in (store, other):
        erase_person(session, shop, ANN, clock=clock)
    assert len({row.email_key for row in session.scalars(select(Suppression))}) == 2
