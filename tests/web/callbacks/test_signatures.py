"""A call that is not rightly signed, now and for this store, leaves no row."""

import base64
import json

import pytest
from flask import Flask

from reviews_app.db.database import transaction
from reviews_app.models.callback import CallbackSource
from reviews_app.queries.find_store import find_store
from reviews_app.services.callback_secret import make_callback_secret
from tests.factories.store import make_store
from tests.fakes.shop import Shop, hmac_base64
from tests.web.callbacks.conftest import all_rows

ORDER = {"id": "1", "email": "a@example.com", "placed_at": "2026-11-20T10:00:00Z", "lines": [{"product_id": "p"}]}
OWN = "/callbacks/larkspur/orders"


@pytest.fixture
def before(app: Flask, shop: Shop, neighbour: Shop) -> dict[str, int]:
    return all_rows(app)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "e", "webhook-timestamp": "1795435200"},
        {"webhook-id": "e", "webhook-timestamp": "1795435200", "webhook-signature": "v1,"},
        {"webhook-id": "e", "webhook-timestamp": "1795435200", "webhook-signature": "true"},
        {"webhook-id": "e", "webhook-timestamp": "1795435200", "webhook-signature": "v1,true v1, v2,x"},
        {"webhook-id": "e", "webhook-timestamp": "1795435200", "webhook-signature": "v1,\xff\xfe"},
        {"webhook-id": "e", "webhook-timestamp": "1" * 400, "webhook-signature": "v1,x"},
        {"webhook-id": "e", "webhook-timestamp": "-1", "webhook-signature": "v1,x"},
        {"webhook-id": "e" * 5000, "webhook-timestamp": "1795435200", "webhook-signature": "v1,x"},
    ],
)
def test_a_missing_or_wrong_signature_is_401_without_a_row(
    app: Flask, shop: Shop, before: dict[str, int], headers: dict[str, str]
) -> None:
    answer = shop.client.post(OWN, data=json.dumps(ORDER), headers=headers)
    assert answer.status_code == 401
    assert answer.get_json() == {"outcome": "refused", "detail": "The signature is missing, wrong or too old."}
    assert all_rows(app) == before


@pytest.mark.parametrize("age", [301, -301, 86_400, -86_400])
def test_a_moment_more_than_five_minutes_away_is_401(
    app: Flask, shop: Shop, before: dict[str, int], age: float
) -> None:
    assert shop.tell("orders", ORDER, age=age).status_code == 401
    assert all_rows(app) == before


@pytest.mark.parametrize("age", [299, -299])
def test_a_moment_within_five_minutes_is_taken(shop: Shop, age: float) -> None:
    assert shop.tell("orders", ORDER, age=age).status_code == 200


def test_another_stores_secret_is_401(app: Flask, shop: Shop, neighbour: Shop, before: dict[str, int]) -> None:
    assert neighbour.tell("orders", ORDER, to=shop.slug).status_code == 401
    neighbour.slug = shop.slug
    assert neighbour.shopify("orders/create", ORDER).status_code == 401
    assert neighbour.woocommerce("order.created", ORDER).status_code == 401
    assert all_rows(app) == before


def test_an_unknown_store_answers_like_a_wrong_signature(shop: Shop) -> None:
    wrong, unknown = shop.tell("orders", ORDER, secret="whsec_AAAA"), shop.tell("orders", ORDER, to="nowhere")
    assert (wrong.status_code, wrong.data) == (unknown.status_code, unknown.data)


def test_a_store_without_a_secret_takes_nothing_whatever_it_is_signed_with(app: Flask, shop: Shop) -> None:
    with app.app_context(), transaction() as writing:
        make_store(writing, "bare")
    for secret in ("whsec_bm9ib2R5J3Mgc2VjcmV0", "whsec_", shop.secrets["own"]):
        assert shop.tell("orders", ORDER, to="bare", secret=secret).status_code == 401


@pytest.mark.parametrize("change", ["body", "id", "timestamp"])
def test_whatever_is_signed_cannot_be_changed(app: Flask, shop: Shop, before: dict[str, int], change: str) -> None:
    at = int(shop.clock().timestamp())
    body = json.dumps(ORDER)
    right = {"body": body, "id": "event-1", "timestamp": str(at)}
    own_key = base64.b64decode(shop.secrets["own"].removeprefix("whsec_"))
    signed = hmac_base64(own_key, f"event-1.{at}.{body}".encode())
    sent = right | {change: {"body": body + " ", "id": "event-2", "timestamp": str(at + 1)}[change]}
    headers = {"webhook-id": sent["id"], "webhook-timestamp": sent["timestamp"], "webhook-signature": f"v1,{signed}"}
    assert shop.client.post(OWN, data=sent["body"], headers=headers).status_code == 401
    assert all_rows(app) == before
    headers = {"webhook-id": "event-1", "webhook-timestamp": str(at), "webhook-signature": f"v1,AAAA v1,{signed}"}
    assert shop.client.post(OWN, data=body, headers=headers).status_code == 200, "any of several signatures may fit"


@pytest.mark.parametrize(
    ("name", "header"), [("shopify", "X-Shopify-Hmac-Sha256"), ("woocommerce", "X-WC-Webhook-Signature")]
)
@pytest.mark.parametrize("given", ["", "true", "AAAA", "\xff"])
def test_shopifys_and_woocommerces_wrong_signatures_are_401(
    app: Flask, shop: Shop, before: dict[str, int], name: str, header: str, given: str
) -> None:
    answer = shop.client.post(f"/callbacks/larkspur/{name}", data=b"{}", headers={header: given} if given else {})
    assert answer.status_code == 401
    assert all_rows(app) == before


def test_one_shops_signature_does_not_open_another_door(shop: Shop) -> None:
    body = json.dumps(ORDER).encode()
    signed = hmac_base64(shop.secrets["shopify"].encode(), body)
    answer = shop.client.post("/callbacks/larkspur/woocommerce", data=body, headers={"X-WC-Webhook-Signature": signed})
    assert answer.status_code == 401


def test_a_body_over_two_megabytes_is_413(app: Flask, shop: Shop, before: dict[str, int]) -> None:
    assert shop.tell("orders", None, body=b" " * (2 * 1024 * 1024 + 1)).status_code == 413
    assert all_rows(app) == before


def test_a_page_is_not_what_these_addresses_give(shop: Shop) -> None:
    assert shop.client.get(OWN).status_code == 405


def test_woocommerces_ping_is_answered_and_writes_nothing(app: Flask, shop: Shop, before: dict[str, int]) -> None:
    def ping(body: str) -> int:
        return shop.client.post(
            "/callbacks/larkspur/woocommerce", data=body, content_type="application/x-www-form-urlencoded"
        ).status_code

    assert ping("webhook_id=17") == 200
    assert ping("webhook_id=17&order=1") == 401
    assert all_rows(app) == before


def test_the_secret_before_the_newest_is_good_for_a_day(app: Flask, shop: Shop) -> None:
    from_before = shop.secrets["own"]
    merchant_makes_another(app, shop)
    assert shop.tell("orders", ORDER).status_code == 200
    assert shop.tell("orders", ORDER, secret=from_before).status_code == 200
    shop.clock.advance(days=1, seconds=1)
    assert shop.tell("orders", ORDER, secret=from_before).status_code == 401
    assert shop.tell("orders", ORDER).status_code == 200


def merchant_makes_another(app: Flask, shop: Shop) -> None:
    with app.app_context(), transaction() as writing:
        shop.secrets["own"] = make_callback_secret(
            writing,
            find_store(writing, shop.slug),
            CallbackSource.OWN,
            keyring=app.extensions["tools"].keyring,
            clock=shop.clock,
        )
