"""A thing of another store answers exactly like a thing that is not there, on every address that takes an id."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from reviews_app.models.attribute import Attribute
from reviews_app.models.coupon import Coupon
from reviews_app.models.customer import Customer
from reviews_app.models.delivery import Delivery
from reviews_app.models.file_import import FileImport, ImportKind
from reviews_app.models.invitation import Invitation
from reviews_app.models.media import Media
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import OutgoingMail
from reviews_app.models.product import Product, ProductPicture
from reviews_app.models.review import Review, ReviewState
from reviews_app.services.members import invite_member
from reviews_app.services.product_pictures import append_picture
from tests.factories.attribute import make_attribute
from tests.factories.destination import make_destination
from tests.factories.media import make_media
from tests.factories.order import make_order
from tests.factories.review import leave_review
from tests.factories.reward import make_coupon
from tests.fakes.visitor import Page
from tests.web.merchant.conftest import House

BY_NAME: dict[str, Any] = {
    "review_id": Review,
    "media_id": Media,
    "picture_id": ProductPicture,
    "coupon_id": Coupon,
    "delivery_id": Delivery,
    "order_id": Order,
    "customer_id": Customer,
    "import_id": FileImport,
    "attribute_id": Attribute,
    "membership_id": Membership,
    "invitation_id": Invitation,
}


@pytest.fixture
def furnished(house: House, neighbour: House) -> House:
    """Both stores hold one of everything."""
    for one in (house, neighbour):
        with one.writing() as (writing, store):
            product = writing.scalars(select(Product).where(Product.store_id == store.id)).one()
            make_destination(writing, store)
            make_attribute(writing, store)
            make_order(writing, store, product)
            make_media(writing, store, leave_review(writing, store, product))
            append_picture(writing, product, name=one.slug.ljust(22, "x"), alt="Front", size=(800, 800))
            make_coupon(writing, store, f"CODE-{one.slug}", tools=one.tools)
            writing.add(
                FileImport(
                    store_id=store.id,
                    kind=ImportKind.ORDERS,
                    file_name="a.csv",
                    created_at=one.clock(),
                    enqueued_at=one.clock(),
                )
            )
            invite_member(writing, store, email="new@example.com", role=StoreRole.VIEWER, tools=one.tools)
    return house


def ids_of(house: House) -> dict[str, UUID]:
    with house.rows() as rows:
        store = house.store(rows)
        return {
            name: rows.scalars(select(table.id).where(table.store_id == store.id)).one()
            for name, table in BY_NAME.items()
        }


def addresses(house: House, ids: dict[str, UUID]) -> list[tuple[str, str]]:
    """Every address of the store that takes an id, filled with these."""
    found = []
    for rule in house.app.url_map.iter_rules():
        if "<store>" in rule.rule and "<uuid:" in rule.rule:
            url = re.sub(r"<uuid:(\w+)>", lambda hole: str(ids[hole.group(1)]), rule.rule)
            url = url.replace("<store>", house.slug).replace("<handle>", "ridge-daypack")
            found += [(method, url) for method in rule.methods or () if method != "OPTIONS"]
    assert len(found) > 12
    return found


def test_a_foreign_id_answers_like_an_absent_one(furnished: House, neighbour: House) -> None:
    token = Page(furnished.owner.open(f"{furnished.at}/settings").text).values["csrf_token"]
    typed = {"csrf_token": token, "reason": "spam", "role": "owner", "body": "Mine now", "title": "Mine now"}
    typed |= {"kind": "short_text", "about": "product"}
    foreign, absent = ids_of(neighbour), {name: uuid4() for name in BY_NAME}
    pairs = zip(addresses(furnished, foreign), addresses(furnished, absent), strict=True)
    for (method, url), (_method, nowhere) in pairs:
        theirs = furnished.owner.client.open(url, method=method, data=typed)
        none = furnished.owner.client.open(nowhere, method=method, data=typed)
        assert theirs.status_code == none.status_code == 404, (method, url)
        assert theirs.text == none.text


def test_nothing_of_the_other_store_was_touched(furnished: House, neighbour: House) -> None:
    test_a_foreign_id_answers_like_an_absent_one(furnished, neighbour)
    with neighbour.rows() as rows:
        store = neighbour.store(rows)
        review = rows.scalars(select(Review).where(Review.store_id == store.id)).one()
        assert (review.state, review.reply) == (ReviewState.PENDING, None)
        assert rows.scalars(select(Attribute.title).where(Attribute.store_id == store.id)).one() == "Used for"
        assert rows.scalars(select(Invitation).where(Invitation.store_id == store.id)).one()
        mails = rows.scalars(select(OutgoingMail.subject)).all()
    assert mails == ["Join Larkspur on Reviews", "Join Juniper on Reviews"]


def test_lists_show_the_own_store_alone(furnished: House, neighbour: House) -> None:
    theirs = {str(one) for one in ids_of(neighbour).values()}
    for page in ("", "/reviews", "/orders", "/products", "/deliveries", "/settings/attributes", "/settings/members"):
        text = furnished.owner.open(furnished.at + page).text
        assert not [one for one in theirs if one in text], page
        assert "Juniper" not in text


def test_the_same_handle_is_the_own_stores_product(furnished: House, neighbour: House) -> None:
    page = furnished.owner.open(f"{furnished.at}/products/ridge-daypack").text
    assert "larkspur-ridge-daypack" in page
    assert "juniper-ridge-daypack" not in page


def test_paging_after_a_foreign_row_begins_at_the_beginning(furnished: House, neighbour: House) -> None:
    foreign, mine = ids_of(neighbour), ids_of(furnished)
    for page, name in (("reviews", "review_id"), ("deliveries", "delivery_id"), ("orders", "order_id")):
        text = furnished.owner.open(f"{furnished.at}/{page}?after={foreign[name]}").text
        assert str(mine[name]) in text, page
