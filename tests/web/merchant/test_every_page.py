import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.models.attribute import AttributeKind
from reviews_app.models.delivery import Delivery
from reviews_app.models.review import Review
from reviews_app.models.store import Publishing
from tests.factories.attribute import make_attribute
from tests.factories.destination import make_destination
from tests.factories.member import make_member, signed_in
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store


@pytest.fixture
def merchant(app: Flask) -> FlaskClient:
    with app.app_context(), transaction() as writing:
        store = make_store(writing, publishing=Publishing.HOLD_ALL)
        product = make_product(writing, store, variants=("Moss",))
        make_attribute(writing, store, AttributeKind.CENTRED_SCALE, title="Fit")
        make_order(writing, store, product)
        make_destination(writing, store)
        leave_review(writing, store, product)
        make_member(writing, store)
    return signed_in(app)


PAGES = [
    "",
    "/reviews",
    "/reviews?state=published",
    "/orders",
    "/requests",
    "/requests?state=sent",
    "/requests?q=morgan",
    "/settings/requests",
    "/settings/requests/past",
    "/products",
    "/products/new",
    "/products/ridge-daypack",
    "/deliveries",
    "/deliveries?state=held",
    "/settings",
    "/settings/integrations",
    "/settings/integrations/kustomer",
    "/settings/integrations/orders",
    "/imports/orders",
    "/imports/products",
    "/settings/attributes",
    "/settings/attributes/new",
    "/settings/members",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_its_members_and_no_cache_keeps_it(merchant: FlaskClient, page: str) -> None:
    answer = merchant.get(f"/merchant/larkspur{page}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_led_to_sign_in(app: Flask, merchant: FlaskClient, page: str) -> None:
    answer = app.test_client().get(f"/merchant/larkspur{page}")
    assert answer.status_code == 302
    assert answer.location.startswith("/merchant/sign-in")


def test_a_review_and_its_delivery_have_pages(app: Flask, merchant: FlaskClient) -> None:
    with app.app_context():
        review, delivery = session().scalars(select(Review.id)).one(), session().scalars(select(Delivery.id)).one()
    assert "the straps still hold" in merchant.get(f"/merchant/larkspur/reviews/{review}").text
    assert str(delivery) in merchant.get(f"/merchant/larkspur/deliveries/{delivery}").text


def test_the_door_leads_to_the_only_store(merchant: FlaskClient) -> None:
    assert merchant.get("/merchant").location == "/merchant/larkspur"
    kustomer = "/merchant/larkspur/settings/integrations/kustomer"
    assert merchant.get("/merchant/settings/integrations/kustomer").location == kustomer
