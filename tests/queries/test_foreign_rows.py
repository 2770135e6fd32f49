"""What belongs to another store behaves as if it did not exist, for every loader and every list."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.lib.tokens import new_token, token_hash
from reviews_app.models.membership import StoreRole
from reviews_app.models.review import ReviewState
from reviews_app.models.store import Store
from reviews_app.queries.catalogue import catalogue
from reviews_app.queries.delivery_counts import delivery_counts
from reviews_app.queries.delivery_list import delivery_page, find_delivery
from reviews_app.queries.example_parts import example_parts
from reviews_app.queries.find_attribute import attributes_of_store, find_attribute
from reviews_app.queries.find_destination import find_destination
from reviews_app.queries.find_invitation import find_invitation, find_open_invitation, open_invitations
from reviews_app.queries.find_media import find_media
from reviews_app.queries.find_product import find_product, find_product_by_id
from reviews_app.queries.find_review import find_review
from reviews_app.queries.find_review_request import find_review_request
from reviews_app.queries.find_store import find_store
from reviews_app.queries.memberships import find_membership, members_of, stores_of
from reviews_app.queries.moderation_list import moderation_page
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.order_list import find_order, order_page
from reviews_app.queries.review_delivery import delivery_of_review
from reviews_app.queries.review_list import Order, review_page
from reviews_app.queries.store_today import store_today
from reviews_app.services.members import invite_member
from tests.factories.attribute import make_attribute
from tests.factories.destination import make_destination
from tests.factories.media import make_media
from tests.factories.member import make_member
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.review_request import make_link
from tests.factories.store import make_store
from tests.fakes.clock import START

Load = Callable[[Session, Store, UUID], object]
LOADERS: dict[str, Load] = {
    "product": find_product_by_id,
    "review": find_review,
    "media": find_media,
    "order": find_order,
    "delivery": find_delivery,
    "attribute": find_attribute,
    "membership": find_membership,
    "invitation": lambda session, store, row_id: find_open_invitation(session, store, row_id, now=START),
}


@dataclass
class Shop:
    """A store with one of everything."""

    store: Store
    ids: dict[str, UUID]
    token: str
    account_id: int


def open_shop(app: Flask, session: Session, slug: str) -> Shop:
    """The same handles, numbers and addresses in every shop: only the store tells them apart."""
    tools = app.extensions["tools"]
    store = make_store(session, slug)
    make_destination(session, store)
    product = make_product(session, store)
    order = make_order(session, store, product)
    request, token = make_link(session, order, store=store, tools=tools)
    review = leave_review(session, store, product, email="morgan@example.com", form_id="same")
    account = make_member(session, store, f"{slug}@example.com")
    invitation = invite_member(session, store, email="robin@example.com", role=StoreRole.VIEWER, tools=tools)
    question = make_attribute(session, store)
    session.flush()
    delivery = delivery_of_review(session, store, review)
    assert delivery is not None
    ids = {
        "product": product.id,
        "review": review.id,
        "order": order.id,
        "delivery": delivery.id,
        "media": make_media(session, store, review).id,
        "attribute": question.id,
        "membership": members_of(session, store)[0].id,
        "invitation": invitation.id,
        "request": request.id,
    }
    return Shop(store, ids, token, account.id)


@pytest.fixture
def shops(app: Flask, session: Session) -> tuple[Shop, Shop]:
    return open_shop(app, session, "larkspur"), open_shop(app, session, "juniper")


@pytest.mark.parametrize("kind", LOADERS)
def test_a_row_is_found_in_its_own_store(session: Session, shops: tuple[Shop, Shop], kind: str) -> None:
    for shop in shops:
        row = LOADERS[kind](session, shop.store, shop.ids[kind])
        assert getattr(row, "store_id", None) == shop.store.id


@pytest.mark.parametrize("kind", LOADERS)
def test_a_row_of_another_store_is_as_absent_as_one_that_never_was(
    session: Session, shops: tuple[Shop, Shop], kind: str
) -> None:
    mine, theirs = shops
    said = []
    for row_id in (theirs.ids[kind], new_id(), UUID(int=0)):
        with pytest.raises(NotFound) as absent:
            LOADERS[kind](session, mine.store, row_id)
        said.append(str(absent.value))
    assert set(said) == {""}


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize("other", ["product", "review", "order", "request"])
def test_an_id_of_another_kind_is_absent(session: Session, shops: tuple[Shop, Shop], kind: str, other: str) -> None:
    if other == kind:
        other = "attribute"
    with pytest.raises(NotFound):
        LOADERS[kind](session, shops[0].store, shops[0].ids[other])


def test_a_handle_leads_to_the_product_of_the_store_that_is_asked(session: Session, shops: tuple[Shop, Shop]) -> None:
    for shop in shops:
        assert find_product(session, shop.store, "ridge-daypack").id == shop.ids["product"]
    make_product(session, shops[1].store, "only-theirs")
    with pytest.raises(NotFound):
        find_product(session, shops[0].store, "only-theirs")


@pytest.mark.parametrize("handle", ["", "Ridge-Daypack", "ridge-daypack ", "ridge-daypack\x01", "%", "ridge_daypack"])
def test_a_handle_is_taken_letter_for_letter(session: Session, shops: tuple[Shop, Shop], handle: str) -> None:
    with pytest.raises(NotFound):
        find_product(session, shops[0].store, handle)


@pytest.mark.parametrize("slug", ["", "Larkspur", "larkspur ", "lark%", "alder"])
def test_a_store_is_found_by_its_own_name_alone(session: Session, shops: tuple[Shop, Shop], slug: str) -> None:
    assert find_store(session, "larkspur").id == shops[0].store.id
    with pytest.raises(NotFound):
        find_store(session, slug)


def test_every_list_holds_its_own_stores_rows_alone(session: Session, shops: tuple[Shop, Shop]) -> None:
    for shop in shops:
        store, ids = shop.store, shop.ids
        product = find_product_by_id(session, store, ids["product"])
        shown = review_page(session, store, product, order=Order.NEWEST, stars=None).reviews
        assert [one.anchor for one in shown] == [ids["review"].hex]
        waiting = moderation_page(session, store, state=ReviewState.PUBLISHED, after="")
        assert [row.id for row in waiting.rows] == [ids["review"]]
        assert waiting.counts == {ReviewState.PUBLISHED: 1}
        assert [row.order.id for row in order_page(session, store, after="", now=START).rows] == [ids["order"]]
        assert [row.id for row in delivery_page(session, store, state=None, after="").rows] == [ids["delivery"]]
        assert [row.id for row in attributes_of_store(session, store)] == [ids["attribute"]]
        assert [row.id for row in members_of(session, store)] == [ids["membership"]]
        assert [row.id for row in open_invitations(session, store, now=START)] == [ids["invitation"]]
        assert [item.count for item in catalogue(session, store)] == [1]
        assert stores_of(session, shop.account_id) == [store]


def test_every_count_is_of_its_own_store_alone(session: Session, shops: tuple[Shop, Shop]) -> None:
    leave_review(session, shops[1].store, find_product(session, shops[1].store, "ridge-daypack"), is_suspect=True)
    session.flush()
    today = [store_today(session, shop.store, now=START) for shop in shops]
    assert [(one.pending, one.asked, one.counts.left) for one in today] == [(0, 1, 1), (1, 1, 2)]
    assert [delivery_counts(session, shop.store.id).waiting for shop in shops] == [1, 2]
    assert delivery_counts(session, new_id()).left == 0


def test_the_example_is_made_of_the_stores_own_parts(session: Session, shops: tuple[Shop, Shop]) -> None:
    for shop in shops:
        parts = example_parts(session, shop.store)
        destination = find_destination(session, shop.store)
        assert parts.product is not None
        assert destination is not None
        assert parts.product.id == shop.ids["product"]
        assert [one.id for one in parts.attributes] == [shop.ids["attribute"]]
        assert destination.store_id == shop.store.id


def test_a_foreign_review_has_no_delivery_and_a_foreign_product_no_list(
    session: Session, shops: tuple[Shop, Shop]
) -> None:
    mine, theirs = shops
    assert delivery_of_review(session, mine.store, find_review(session, theirs.store, theirs.ids["review"])) is None
    product = find_product_by_id(session, theirs.store, theirs.ids["product"])
    assert review_page(session, mine.store, product, order=Order.NEWEST, stars=None).reviews == ()


def test_a_token_opens_its_own_request_and_its_own_store(session: Session, shops: tuple[Shop, Shop]) -> None:
    for shop in shops:
        found = find_review_request(session, shop.token)
        assert (found.request.id, found.store.id) == (shop.ids["request"], shop.store.id)
        assert {line.store_id for line in found.request.order.lines} == {shop.store.id}


@pytest.mark.parametrize("change", ["", "x", "A" * 22, "A" * 64, "A" * 65, "A" * 5000, "\ud800", "' OR 1=1 --"])
def test_no_other_text_opens_anything(session: Session, shops: tuple[Shop, Shop], change: str) -> None:
    for text in (change, shops[0].token + change if change else new_token(), shops[0].token.swapcase()):
        with pytest.raises(NotFound):
            find_review_request(session, text)
        with pytest.raises(NotFound):
            find_invitation(session, text)


def test_the_hash_of_a_token_is_no_token(session: Session, shops: tuple[Shop, Shop]) -> None:
    with pytest.raises(NotFound):
        find_review_request(session, token_hash(shops[0].token).hex())
