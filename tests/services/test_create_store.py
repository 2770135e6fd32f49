import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.lib.tokens import token_hash
from reviews_app.models.invitation import Invitation
from reviews_app.services.add_product import (
    HandleTaken,
    ProductDetails,
    ShopIdTaken,
    VariantDetails,
    add_product,
)
from reviews_app.services.create_store import SlugRefused, SlugTaken, StoreDetails, create_store, sign_up_link_token
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


def test_a_store_is_created_under_its_short_name(session: Session, clock: FakeClock) -> None:
    store = create_store(session, "larkspur", StoreDetails(name="Larkspur"), clock=clock, make_id=new_id)
    assert (store.slug, store.language, store.created_at) == ("larkspur", "en", clock())


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a b", "a/b", "ä", "settings", "a" * 51])
def test_a_short_name_that_cannot_stand_in_an_address_is_refused(session: Session, clock: FakeClock, slug: str) -> None:
    with pytest.raises(SlugRefused):
        create_store(session, slug, StoreDetails(name="x"), clock=clock, make_id=new_id)


def test_a_short_name_is_given_once(session: Session, clock: FakeClock) -> None:
    create_store(session, "larkspur", StoreDetails(name="x"), clock=clock, make_id=new_id)
    with pytest.raises(SlugTaken):
        create_store(session, "larkspur", StoreDetails(name="y"), clock=clock, make_id=new_id)


def test_only_the_hash_of_the_sign_up_token_is_kept(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    token = sign_up_link_token(session, store, clock=clock)
    assert session.scalar(select(Invitation.token_hash)) == token_hash(token)


def test_a_handle_and_an_id_stand_once_in_a_store(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    first = ProductDetails(shop_id="1", handle="pack", title="Pack", variants=(VariantDetails("11", "Moss"),))
    add_product(session, store, first, clock=clock)
    with pytest.raises(HandleTaken):
        add_product(session, store, ProductDetails("2", "pack", "Pack"), clock=clock)
    with pytest.raises(ShopIdTaken):
        add_product(session, store, ProductDetails("1", "stove", "Stove"), clock=clock)
    with pytest.raises(ShopIdTaken):
        twin = ProductDetails("3", "stove", "Stove", variants=(VariantDetails("11", "Moss"),))
        add_product(session, store, twin, clock=clock)


def test_two_stores_may_use_the_same_handle_and_ids(session: Session, clock: FakeClock) -> None:
    for slug in ("larkspur", "juniper"):
        store = make_store(session, slug)
        variants = (VariantDetails("11", "Moss"),)
        assert add_product(session, store, ProductDetails("1", "pack", "Pack", variants=variants), clock=clock).handle
