from typing import Any

import pytest

from reviews_app.models.store import Publishing, Store
from tests.fakes.visitor import typed
from tests.web.merchant.conftest import House


def save(house: House, **changes: Any) -> Any:
    return house.owner.send(f"{house.at}/settings", **changes)


def store_of(house: House) -> Store:
    with house.rows() as rows:
        return house.store(rows)


def test_every_setting_of_the_store_is_saved(house: House) -> None:
    answer = save(
        house,
        name="Larkspur Outfitters",
        languages=["en", "de"],
        first_language="de",
        time_zone="America/New_York",
        home_country="DE",
        reply_address="hello@larkspur.example",
        postal_address="2 Field Lane",
        publishing="at_once",
    )
    assert answer.status_code == 303
    store = store_of(house)
    assert (store.name, store.languages, store.time_zone) == ("Larkspur Outfitters", ["de", "en"], "America/New_York")
    assert (store.home_country, store.reply_address) == ("DE", "hello@larkspur.example")
    assert (store.postal_address, store.publishing) == ("2 Field Lane", Publishing.AT_ONCE)
    assert "Larkspur Outfitters" in house.app.test_client().get("/stores/larkspur").text


def test_saving_what_stands_changes_nothing(house: House) -> None:
    before = {column.key: getattr(store_of(house), column.key) for column in Store.__table__.columns}
    assert save(house).status_code == 303
    assert {column.key: getattr(store_of(house), column.key) for column in Store.__table__.columns} == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 101),
        ("languages", []),
        ("languages", ["xx"]),
        ("first_language", "xx"),
        ("time_zone", "Mars/Olympus"),
        ("home_country", "EU"),
        ("reply_address", "nobody"),
        ("reply_address", "a@example.com\r\nBcc: b@example.com"),
        ("postal_address", "x" * 301),
        ("publishing", "five_stars_only"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_the_rest_kept(house: House, field: str, value: Any) -> None:
    answer = save(house, **({"postal_address": "3 New Lane"} | {field: value}))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert field == "postal_address" or typed(answer)["postal_address"] == ["3 New Lane"]
    assert store_of(house).postal_address == "1 Field Lane, Portland"


def test_without_the_token_nothing_is_saved(house: House) -> None:
    assert house.owner.client.post(f"{house.at}/settings", data={"name": "Mine"}).status_code == 422
    assert store_of(house).name == "Larkspur"


def test_publishing_never_asks_for_stars(house: House) -> None:
    text = house.owner.open(f"{house.at}/settings").text
    assert text.count("whatever their stars") == 3
