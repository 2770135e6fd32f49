import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from reviews_app.integrations.kustomer.example import example_webhook_data
from reviews_app.lib.addresses import Addresses
from reviews_app.models.attribute import AttributeKind
from reviews_app.queries.example_parts import example_parts
from tests.factories.attribute import make_attribute
from tests.factories.product import make_product
from tests.factories.store import make_store

ADDRESSES = Addresses(public="https://shop.test", media="https://media.shop.test")


def shape(value: Any) -> Any:
    """Keys in their order and types, without the values."""
    if isinstance(value, dict):
        return [(key, shape(inner)) for key, inner in value.items()]
    return type(value).__name__


def example(session: Session, *kinds: AttributeKind, products: int = 1) -> dict[str, Any]:
    store = make_store(session)
    for number in range(products):
        make_product(session, store, f"pack-{number}", variants=("Moss",))
    for place, kind in enumerate(kinds):
        make_attribute(session, store, kind, title=str(kind), position=place)
    found: dict[str, Any] = json.loads(example_webhook_data(example_parts(session, store), addresses=ADDRESSES))
    return found


def test_the_envelope_is_kustomers_key_by_key(session: Session) -> None:
    contract = json.loads((Path(__file__).parent / "event.example.json").read_text())
    assert shape(example(session)) == shape(contract)


def test_product_and_country_are_the_stores_own(session: Session) -> None:
    data = example(session, products=2)["attributes"]["data"]
    assert data["product"] == {
        "productId": "larkspur-pack-0",
        "productName": "Pack 0",
        "variantId": "larkspur-pack-0-Moss",
        "variantName": "Moss",
        "sku": "PAC-MOS",
    }
    assert data["reviewer"]["countryCode"] == "US"


def test_every_question_is_there_with_the_type_its_answers_have(session: Session) -> None:
    entries = example(session, *AttributeKind)["attributes"]["data"]["attributes"]
    assert [entry["title"] for entry in entries] == [str(kind) for kind in AttributeKind]
    types = {entry["title"]: type(entry["value"]) for entry in entries}
    assert types == {
        "single_choice": str,
        "multiple_choice": list,
        "scale": int,
        "centred_scale": int,
        "short_text": str,
    }


def test_counts_match_the_lists_and_addresses_are_whole(session: Session) -> None:
    media = example(session)["attributes"]["data"]["media"]
    assert (len(media["imageUrls"]), len(media["videoUrls"])) == (media["imageCount"], media["videoCount"])
    assert all(url.startswith("https://media.shop.test/") for url in media["imageUrls"])


def test_a_store_without_products_has_an_example_too(session: Session) -> None:
    product = example(session, products=0)["attributes"]["data"]["product"]
    assert product["productName"]
    assert product["variantId"] is None
