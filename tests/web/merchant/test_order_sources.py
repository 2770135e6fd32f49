import re

from sqlalchemy import select

from reviews_app.models.callback import CallbackSecret, CallbackSource
from reviews_app.models.membership import StoreRole
from tests.fakes.shop import Shop
from tests.fakes.visitor import errors
from tests.web.merchant.conftest import House

ORDER = {
    "id": "1",
    "number": "#1",
    "email": "a@example.com",
    "placed_at": "2026-11-20T10:00:00Z",
    "lines": [{"product_id": "p", "title": "<b>Pack</b>"}],
}


def page(house: House) -> str:
    return f"{house.at}/settings/integrations/orders"


def make(house: House, source: str = "own") -> str:
    """Make a secret; gives it as the page shows it, once."""
    answer = house.owner.send(page(house), at=f"{page(house)}/{source}")
    assert answer.status_code == 200
    found = re.search(rf'id="secret-{source}" readonly [^>]*>([^<]+)</textarea>', answer.text)
    assert found is not None
    return found.group(1)


def shop_of(house: House, **secrets: str) -> Shop:
    return Shop(house.app.test_client(), house.clock, house.slug, secrets)


def test_a_secret_is_shown_once_and_opens_the_door(house: House) -> None:
    secret = make(house)
    assert secret.startswith("whsec_")
    again = house.owner.open(page(house)).text
    assert secret not in again
    assert f"<code>{secret[-4:]}</code>" in again
    assert shop_of(house, own=secret).tell("orders", ORDER).status_code == 200


def test_a_secret_lies_sealed(house: House) -> None:
    secret = make(house, "woocommerce")
    with house.rows() as rows:
        row = rows.scalars(select(CallbackSecret)).one()
        assert secret.encode() not in row.secret.ciphertext
        assert house.keyring_opens(row.secret) == secret


def test_the_one_before_is_told_of_and_still_taken(house: House) -> None:
    first, second = make(house), make(house)
    assert first != second
    assert "is taken until" in house.owner.open(page(house)).text
    assert shop_of(house, own=first).tell("orders", ORDER).status_code == 200


def test_shopifys_secret_is_pasted_and_never_sent_back(house: House) -> None:
    answer = house.owner.send(page(house), at=f"{page(house)}/shopify", secret="  shpss_0123456789abcdef ")
    assert answer.status_code == 303
    assert "shpss_0123456789abcdef" not in house.owner.open(page(house)).text
    told = shop_of(house, shopify="shpss_0123456789abcdef").shopify("orders/create", {"id": 5})
    assert told.status_code == 202


def test_a_secret_with_blanks_inside_is_refused_and_not_sent_back(house: House) -> None:
    answer = house.owner.send(page(house), at=f"{page(house)}/shopify", secret="two words-of-secret")
    assert (answer.status_code, errors(answer)) == (422, ["A secret holds no blanks. Copy it once more from Shopify."])
    assert "words-of-secret" not in answer.text
    answer = house.owner.send(page(house), at=f"{page(house)}/shopify", secret="")
    assert errors(answer) == ["Paste the secret Shopify signs with."]


def test_what_came_lately_is_told_with_what_became_of_it(house: House) -> None:
    assert "Nothing came yet." in house.owner.open(page(house)).text
    shop = shop_of(house, own=make(house))
    shop.tell("orders", ORDER)
    shop.tell("orders", ORDER | {"email": "nobody"})
    shop.tell("orders", {"id": "2"}, event_id="late")
    shop.tell("orders", {"id": "2"}, event_id="late")
    shop.tell("orders", ORDER, secret="whsec_AAAA")
    text = " ".join(house.owner.open(page(house)).text.split())
    assert "Order #1" in text
    assert "email: is not one email address" in text
    assert "It shows once we are told an email address" in text
    assert "came 2 times" in text
    assert text.count("Your own code, order") == 3


def test_the_addresses_are_there_to_copy_and_the_example_names_one(house: House) -> None:
    text = house.owner.open(page(house)).text
    for name in ("shopify", "woocommerce", "orders", "products"):
        assert f">http://shop.test/callbacks/larkspur/{name}</textarea>" in text
    assert "curl -sS &#39;http://shop.test/callbacks/larkspur/orders&#39;" in text


def test_integrations_say_whether_any_door_is_open(house: House) -> None:
    there = f"{house.at}/settings/integrations"
    assert house.owner.open(there).text.count("Off") == 2
    make(house)
    assert house.owner.open(there).text.count("Off") == 1


def test_only_managers_come_near_a_secret(house: House) -> None:
    moderator = house.visitor(StoreRole.MODERATOR)
    assert moderator.open(page(house)).status_code == 403
    for source in (*CallbackSource, "nobody"):
        assert moderator.client.post(f"{page(house)}/{source}").status_code in {403, 404}


def test_a_button_without_its_token_makes_no_secret(house: House) -> None:
    assert house.owner.client.post(f"{page(house)}/own").status_code == 400
    assert house.owner.client.post(f"{page(house)}/shopify", data={"secret": "x"}).status_code == 422
    with house.rows() as rows:
        assert rows.scalars(select(CallbackSecret)).all() == []
