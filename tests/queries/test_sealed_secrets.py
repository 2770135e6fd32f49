"""Every secret that is kept is among those an operator is told of."""

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from reviews_app.lib.column_types import SealedText
from reviews_app.lib.sealed import Keyring
from reviews_app.models.callback import CallbackSecret, CallbackSource
from reviews_app.models.tables import METADATA
from reviews_app.queries.sealed_secrets import COLUMNS, sealed_secrets
from tests.conftest import ENCRYPTION_KEY
from tests.factories.destination import API_KEY, make_destination
from tests.factories.reward import make_coupon
from tests.factories.store import make_store
from tests.fakes.clock import START

RING = Keyring((ENCRYPTION_KEY,))


def test_no_column_that_holds_a_secret_is_left_out() -> None:
    every = {
        (table.name, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, SealedText)
    }
    assert {(column.class_.__tablename__, column.key) for column in COLUMNS} == every


def test_keys_on_trial_codes_and_former_secrets_are_told_of_all_stores(app: Flask, session: Session) -> None:
    tools: Any = app.extensions["tools"]
    assert list(sealed_secrets(session)) == []
    for slug in ("larkspur", "juniper"):
        store = make_store(session, slug)
        make_destination(session, store).try_out(RING.seal(f"{slug}-on-trial"), "https://x.api.kustomerapp.com")
        make_coupon(session, store, f"{slug}-CODE", tools=tools)
        secret = CallbackSecret(store_id=store.id, source=CallbackSource.OWN, secret=RING.seal(f"{slug}-now"))
        secret.previous, secret.saved_at = RING.seal(f"{slug}-before"), START
        session.add(secret)
    session.flush()
    told = sorted(RING.open(one) for one in sealed_secrets(session))
    each = [f"{slug}-{word}" for slug in ("larkspur", "juniper") for word in ("on-trial", "CODE", "now", "before")]
    assert told == sorted([API_KEY, API_KEY, *each])
