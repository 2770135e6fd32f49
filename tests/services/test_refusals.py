"""Every refusal has a name, and a refused act leaves every table as it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.account import Account
from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.invitation import InvitationSpent
from reviews_app.models.membership import StoreRole
from reviews_app.models.order import Order
from reviews_app.models.product import Product
from reviews_app.models.review import RejectionReason, Review, ReviewAlreadyDecided
from reviews_app.models.review_request import LinkExpired, LinkUsed
from reviews_app.models.store import Store
from reviews_app.queries.memberships import members_of
from reviews_app.services.add_product import HandleTaken, ProductDetails, ShopIdTaken, VariantDetails, add_product
from reviews_app.services.answer_attributes import UnknownAttribute
from reviews_app.services.change_product import change_product
from reviews_app.services.create_account import AddressTaken, create_account
from reviews_app.services.create_store import SlugRefused, SlugTaken, StoreDetails, create_store
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.members import LastOwner, change_role, invite_member, join_store, remove_member
from reviews_app.services.request_refused import (
    AddressUnusable,
    AskedRecently,
    BuyerNotAsked,
    NothingLeftToReview,
    OrderNotFulfilled,
    RequestRefused,
)
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.review_draft import AnswerDraft
from reviews_app.services.save_attribute import AttributeDetails, KindFixed, save_attribute
from reviews_app.services.save_kustomer import KeyMissing, KustomerDetails, save_kustomer
from reviews_app.services.send_test_review import NothingToTest, send_test_review
from reviews_app.services.submit_by_link import LinkedProduct, submit_by_link
from reviews_app.services.tools import Tools
from reviews_app.services.unsubscribe import unsubscribe
from tests.factories.attribute import make_attribute
from tests.factories.destination import HOOK, make_destination
from tests.factories.member import make_member
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review, make_draft
from tests.factories.rows import every_row
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock


@dataclass
class Shop:
    """A store in full swing, and everything that may be asked of it."""

    session: Session
    tools: Tools
    clock: FakeClock
    store: Store
    pack: Product
    stove: Product
    order: Order
    question: Attribute
    review: Review
    owner: Account


@pytest.fixture
def shop(app: Flask, session: Session, clock: FakeClock) -> Shop:
    store = make_store(session)
    pack = make_product(session, store, "pack", variants=("Moss",))
    stove = make_product(session, store, "stove", variants=("Large",))
    question = make_attribute(session, store)
    review = leave_review(session, store, pack, clock=clock, answers=(AnswerDraft(question.id, "Travel"),))
    return Shop(
        session,
        app.extensions["tools"],
        clock,
        store,
        pack,
        stove,
        make_order(session, store, pack),
        question,
        review,
        make_member(session, store),
    )


def refused(shop: Shop, why: type[Exception], act: Callable[[], object]) -> Exception:
    """The act raises the error by its name, and no row has changed."""
    before = every_row(shop.session)
    with pytest.raises(why) as raised:
        act()
    assert every_row(shop.session) == before
    return raised.value


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A b", "ä", "settings", "join", "a" * 51, "a\n", "../x"])
def test_a_store_under_an_impossible_name(shop: Shop, slug: str) -> None:
    details = StoreDetails("New")
    refused(shop, SlugRefused, lambda: create_store(shop.session, slug, details, clock=shop.clock, make_id=new_id))


def test_a_store_under_a_name_that_is_taken(shop: Shop) -> None:
    details = StoreDetails("New")
    refused(shop, SlugTaken, lambda: create_store(shop.session, "larkspur", details, clock=shop.clock, make_id=new_id))


@pytest.mark.parametrize(
    ("details", "why"),
    [
        (ProductDetails("9", "pack", "Twin"), HandleTaken),
        (ProductDetails("larkspur-stove", "new", "Twin"), ShopIdTaken),
        (ProductDetails("9", "new", "Twin", variants=(VariantDetails("larkspur-stove-Large", "L"),)), ShopIdTaken),
        (
            ProductDetails("9", "new", "Twin", variants=(VariantDetails("1", "A"), VariantDetails("1", "B"))),
            ShopIdTaken,
        ),
    ],
)
def test_a_product_that_wants_what_another_has(shop: Shop, details: ProductDetails, why: type[Exception]) -> None:
    refused(shop, why, lambda: add_product(shop.session, shop.store, details, clock=shop.clock))
    if details.handle != "pack":
        refused(shop, why, lambda: change_product(shop.session, shop.pack, details))


def test_a_second_account_for_one_address(shop: Shop) -> None:
    refused(
        shop,
        AddressTaken,
        lambda: create_account(
            shop.session,
            email=" Merchant@EXAMPLE.com",
            name="Twin",
            password_hash="x",
            clock=shop.clock,
            make_id=new_id,
        ),
    )


def test_deciding_what_is_decided(shop: Shop) -> None:
    refused(shop, ReviewAlreadyDecided, lambda: publish_review(shop.session, shop.review, clock=shop.clock))
    reject_review(shop.session, shop.review, reason=RejectionReason.SPAM, clock=shop.clock)
    shop.clock.advance(hours=1)
    refused(
        shop,
        ReviewAlreadyDecided,
        lambda: reject_review(shop.session, shop.review, reason=RejectionReason.OFFENSIVE, clock=shop.clock),
    )


def test_taking_the_last_owner_away(shop: Shop) -> None:
    make_member(shop.session, shop.store, "viewer@example.com", StoreRole.VIEWER)
    owner = next(one for one in members_of(shop.session, shop.store) if one.role is StoreRole.OWNER)
    refused(shop, LastOwner, lambda: remove_member(shop.session, shop.store, owner))
    refused(shop, LastOwner, lambda: change_role(shop.session, shop.store, owner, role=StoreRole.MANAGER))
    refused(shop, LastOwner, lambda: change_role(shop.session, shop.store, owner, role=StoreRole.VIEWER))


def test_joining_by_a_spent_or_old_link(shop: Shop) -> None:
    row = invite_member(shop.session, shop.store, email="r@example.com", role=StoreRole.VIEWER, tools=shop.tools)
    shop.clock.now = row.expires_at
    refused(shop, InvitationSpent, lambda: join_store(shop.session, row, shop.owner, clock=shop.clock))
    shop.clock.now = START
    join_store(shop.session, row, shop.owner, clock=shop.clock)
    refused(shop, InvitationSpent, lambda: join_store(shop.session, row, shop.owner, clock=shop.clock))


def asking(shop: Shop) -> Callable[[], object]:
    return lambda: request_reviews(shop.session, shop.order, store=shop.store, tools=shop.tools)


def test_asking_before_the_goods_are_there(shop: Shop) -> None:
    for fulfilled_at in (None, START + timedelta(seconds=1)):
        shop.order.fulfilled_at = fulfilled_at
        refused(shop, OrderNotFulfilled, asking(shop))


def test_asking_who_said_no(shop: Shop) -> None:
    unsubscribe(shop.session, shop.order.customer, clock=shop.clock)
    refused(shop, BuyerNotAsked, asking(shop))


def test_asking_twice_in_a_day(shop: Shop) -> None:
    asking(shop)()
    shop.clock.advance(hours=23, minutes=59)
    refused(shop, AskedRecently, asking(shop))


def test_asking_for_what_is_all_reviewed(shop: Shop) -> None:
    shop.review.order_id = shop.order.id
    refused(shop, NothingLeftToReview, asking(shop))


@pytest.mark.parametrize("address", ["not-an-address", "a b@example.com", "jörg@example.com", ""])
def test_asking_at_no_address(shop: Shop, address: str) -> None:
    shop.order.customer.email = address
    refusal = refused(shop, AddressUnusable, asking(shop))
    assert isinstance(refusal, RequestRefused)
    assert address in refusal.words


def test_asking_with_an_answer_address_that_is_none(shop: Shop) -> None:
    shop.store.reply_address = "Help <help@example.com>"
    refused(shop, AddressUnusable, asking(shop))


def test_speaking_by_a_link_that_is_used_or_over(shop: Shop) -> None:
    request = request_reviews(shop.session, shop.order, store=shop.store, tools=shop.tools)
    linked = LinkedProduct(request, shop.pack.id)

    def speak() -> object:
        return submit_by_link(shop.session, make_draft(), linked=linked, store=shop.store, tools=shop.tools)

    speak()
    refused(shop, LinkUsed, speak)
    shop.clock.now = request.expires_at
    refused(shop, LinkExpired, speak)


def test_answering_what_is_not_asked(shop: Shop) -> None:
    answers = (AnswerDraft(new_id(), "Travel"),)
    refused(shop, UnknownAttribute, lambda: leave_review(shop.session, shop.store, shop.stove, answers=answers))


@pytest.mark.parametrize("kind", [one for one in AttributeKind if one is not AttributeKind.SINGLE_CHOICE])
def test_turning_an_answered_question_into_another_kind(shop: Shop, kind: AttributeKind) -> None:
    details = AttributeDetails("New", kind, AttributeAbout.REVIEWER, True, ("A", "B"), "", "", "", ())
    refused(shop, KindFixed, lambda: save_attribute(shop.session, shop.store, shop.question, details))


def test_switching_kustomer_on_without_a_key(shop: Shop) -> None:
    details = KustomerDetails(is_on=True, api_key="", api_url=HOOK)

    def save() -> object:
        return save_kustomer(shop.session, shop.store, details, keyring=shop.tools.keyring, clock=shop.clock)

    refused(shop, KeyMissing, save)
    make_destination(shop.session, shop.store).api_key = None
    refused(shop, KeyMissing, save)


def test_testing_what_is_not_set_up(shop: Shop) -> None:
    destination = make_destination(shop.session, shop.store)

    def test() -> object:
        return send_test_review(shop.session, destination, email="k@example.com", clock=shop.clock, make_id=new_id)

    kept, destination.api_key = destination.api_key, None
    refused(shop, NothingToTest, test)
    destination.api_key, destination.api_url = kept, ""
    refused(shop, NothingToTest, test)
