"""How much one person, and one store, may take up."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.models.media import Media
from reviews_app.models.store import Store
from reviews_app.services import media_quotas
from reviews_app.services.media_quotas import FILES_A_DAY
from tests.factories.media import make_media
from tests.factories.picture import make_picture
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Visitor, typed

PRODUCT = "/stores/larkspur/products/ridge-daypack"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing))
    return Visitor(app.test_client())


def send(visitor: Visitor, address: str) -> int:
    """One picture with a form of its own."""
    found = typed(visitor.open(f"{PRODUCT}/reviews/new"))
    fields = {name: found[name][0] for name in ("csrf_token", "form_id")}
    return visitor.client.post(
        f"{PRODUCT}/reviews/pictures",
        data=fields | {"photo": (BytesIO(make_picture()), "a.jpg")},
        environ_overrides={"REMOTE_ADDR": address},
    ).status_code


def sender_keys(app: Flask) -> list[str]:
    with app.app_context():
        return list(session().scalars(select(Media.sender_key).order_by(Media.created_at, Media.id)))


def use_up(app: Flask) -> None:
    """All of that person's day but none of anybody else's."""
    [key] = set(sender_keys(app))
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        for place in range(FILES_A_DAY - 1):
            make_media(writing, store, form_id=f"form-{place}").sender_key = key


def test_a_person_has_a_quota_of_a_day_and_nobody_else_pays_for_it(
    app: Flask, visitor: Visitor, clock: FakeClock
) -> None:
    assert send(visitor, "192.0.2.1") == 200
    use_up(app)
    assert send(visitor, "192.0.2.1") == 422
    assert send(visitor, "192.0.2.2") == 200
    clock.advance(hours=24, seconds=1)
    assert send(visitor, "192.0.2.1") == 200


def test_a_house_with_many_addresses_of_ipv6_is_one(app: Flask, visitor: Visitor) -> None:
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"):
        assert send(visitor, address) == 200
    first, second, third = sender_keys(app)
    assert first == second != third


def test_no_address_is_kept_and_no_two_stores_know_each_other_by_it(app: Flask, visitor: Visitor) -> None:
    send(visitor, "192.0.2.1")
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing, "juniper"))
    found = typed(visitor.open(PRODUCT.replace("larkspur", "juniper") + "/reviews/new"))
    visitor.client.post(
        PRODUCT.replace("larkspur", "juniper") + "/reviews/pictures",
        data={name: found[name][0] for name in ("csrf_token", "form_id")} | {"photo": (BytesIO(make_picture()), "a")},
        environ_overrides={"REMOTE_ADDR": "192.0.2.1"},
    )
    mine, theirs = sender_keys(app)
    assert mine != theirs
    assert not any("192" in key for key in (mine, theirs))


def test_a_store_keeps_no_more_than_its_quota(app: Flask, visitor: Visitor) -> None:
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        store.media_quota_mb = 1
        make_media(writing, store).stored_bytes = media_quotas.MIB - 100
    assert send(visitor, "192.0.2.1") == 422
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Media)).one().stored_bytes = media_quotas.MIB - 100_000
    assert send(visitor, "192.0.2.1") == 200


def test_what_did_not_fit_leaves_no_file(app: Flask, visitor: Visitor) -> None:
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        store.media_quota_mb = 1
        make_media(writing, store).stored_bytes = media_quotas.MIB - 100
    send(visitor, "192.0.2.1")
    storage = app.extensions["tools"].storage
    assert list(storage.keeper.keys("uploads/")) == []
