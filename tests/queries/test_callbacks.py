"""The secrets a store's callers may have signed with, and what came lately."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from reviews_app.lib.sealed import Keyring
from reviews_app.models.callback import CallbackEvent, CallbackOutcome, CallbackSecret, CallbackSource
from reviews_app.models.store import Store
from reviews_app.queries.callbacks import SHOWN, callback_secrets, last_events, secrets_by_slug
from tests.conftest import ENCRYPTION_KEY
from tests.factories.store import make_store
from tests.fakes.clock import START

RING = Keyring((ENCRYPTION_KEY,))
OWN, SHOPIFY = CallbackSource.OWN, CallbackSource.SHOPIFY


def keep(session: Session, store: Store, source: CallbackSource, *, until: datetime | None = None) -> None:
    row = CallbackSecret(store_id=store.id, source=source, secret=RING.seal(f"{store.slug}-{source}"), saved_at=START)
    if until is not None:
        row.previous, row.previous_until = RING.seal(f"{store.slug}-{source}-before"), until
    session.add(row)
    session.flush()


def secrets(session: Session, slug: str, source: CallbackSource, now: datetime = START) -> list[str]:
    return [RING.open(one) for one in secrets_by_slug(session, slug, source, now=now)]


def test_each_caller_of_each_store_has_a_secret_of_its_own(session: Session) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    for one in (store, other):
        keep(session, one, OWN)
    keep(session, store, SHOPIFY)
    assert secrets(session, "larkspur", OWN) == ["larkspur-own"]
    assert secrets(session, "larkspur", SHOPIFY) == ["larkspur-shopify"]
    assert secrets(session, "juniper", OWN) == ["juniper-own"]
    assert callback_secrets(session, store).keys() == {OWN, SHOPIFY}
    assert callback_secrets(session, other).keys() == {OWN}


@pytest.mark.parametrize("slug", ["", "Larkspur", "larkspur ", "lark%", "alder"])
def test_nobody_calls_for_a_store_that_is_not_there(session: Session, slug: str) -> None:
    keep(session, make_store(session), OWN)
    assert secrets(session, slug, OWN) == []
    assert secrets(session, "larkspur", SHOPIFY) == []


def test_the_secret_of_before_is_good_until_its_moment(session: Session) -> None:
    end = START + timedelta(days=1)
    keep(session, make_store(session), OWN, until=end)
    both = ["larkspur-own", "larkspur-own-before"]
    assert secrets(session, "larkspur", OWN, end - timedelta(microseconds=1)) == both
    assert secrets(session, "larkspur", OWN, end) == both[:1]


def test_the_last_thirty_events_are_shown_the_newest_first_of_one_store(session: Session) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    for number in range(SHOWN + 3):
        for one in (store, other):
            event = CallbackEvent(store_id=one.id, source=OWN, event_key=str(number), topic=f"{one.slug}-{number}")
            event.outcome, event.received_at = CallbackOutcome.TAKEN, START + timedelta(seconds=number // 2)
            session.add(event)
            session.flush()
    shown = [event.topic for event in last_events(session, store)]
    assert shown == [f"larkspur-{number}" for number in range(SHOWN + 2, 2, -1)]
