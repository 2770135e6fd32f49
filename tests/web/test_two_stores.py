"""Two stores with equal handles and buyers: on every address, what is not mine is not there."""

import re
from collections.abc import Iterator

from reviews_app.models.membership import StoreRole
from tests.architecture.test_routes import ADDRESSES
from tests.factories.furnished import HOLE, Furnished, hole_name
from tests.fakes.rows import changed, rows_of
from tests.web.conftest import Street

TYPED = {"reason": "spam", "role": "owner", "body": "Mine now", "title": "Mine now", "kind": "short_text"}
TYPED |= {"about": "product", "rating": "1", "name": "Nobody", "email": "nobody@example.com", "limit": "5"}
WORDS_OF_THEIRS = ("Juniper", "juniper", "of juniper")


def foreign(street: Street, rule: str) -> Iterator[tuple[str, str]]:
    """A rule's address with one of the other store's things in it, and the same with a thing that never was."""
    names = [hole_name(rule, one) for one in HOLE.findall(rule)]
    if "store" not in names and "link" not in names:
        return
    for name in names:
        # Both stores may call a thing by the same handle: then it is one's own.
        if street.theirs.holes.get(name) == street.mine.holes.get(name):
            continue
        if name not in {"store", "link", "slug", "language"} and name in street.theirs.holes:
            mine = street.mine
            yield (
                mine.with_holes_of(street.theirs, name).address(rule),
                mine.with_holes_of(None, name).address(rule),
            )


def test_every_listed_address_is_tried() -> None:
    """Each line of the list of addresses is walked by the tests of this file, so that no new one is forgotten."""
    lines = [line.split()[1] for line in ADDRESSES.read_text().splitlines()]
    holes = {hole_name(rule, one) for rule in lines for one in HOLE.findall(rule)}
    known = {"review_id", "delivery_id", "order_id", "attribute_id", "membership_id", "invitation_id", "product_id"}
    known |= {"media_id"}
    assert known <= holes


def test_a_thing_of_the_other_store_is_absent_for_the_owner_on_every_address(street: Street) -> None:
    owner = street.member()
    token = street.token(owner)
    before = rows_of(street.app)
    tried = 0
    for method in ("GET", "POST"):
        for rule in street.rules(method):
            for there, nowhere in foreign(street, rule):
                tried += 1
                theirs = owner.open(there, method=method, data=TYPED | {"csrf_token": token})
                none = owner.open(nowhere, method=method, data=TYPED | {"csrf_token": token})
                assert alike(rule, theirs.status_code, none.status_code), (method, there, theirs.status_code)
                assert "of juniper" not in theirs.text, there
    assert tried > 20
    assert changed(before, rows_of(street.app)) == []


def alike(rule: str, theirs: int, none: int) -> bool:
    """A foreign thing and an absent one are both absent; equal handles stand in both stores."""
    return theirs == none == 404 or ("<handle>" in rule and none == 404)


def test_an_equal_handle_is_always_my_own_product(street: Street) -> None:
    client = street.stranger()
    for rule in ("/stores/<store>/products/<handle>", "/stores/<store>/products/<handle>/reviews/new"):
        page = client.get(street.mine.address(rule)).text
        assert "Larkspur" in page
        assert "of larkspur" in page
        assert not [words for words in WORDS_OF_THEIRS if words in page], rule


def test_the_other_stores_only_product_is_not_in_my_shop(street: Street) -> None:
    client = street.stranger()
    for rest in ("", "/reviews/new"):
        assert client.get(f"/stores/larkspur/products/only-juniper{rest}").status_code == 404
    assert "only-juniper" not in client.get("/stores/larkspur").text


def test_no_page_of_my_house_names_the_other_store(street: Street) -> None:
    owner = street.member()
    for rule in street.rules("GET"):
        if "<store>" in rule or rule.startswith("/r/"):
            answer = owner.get(street.mine.address(rule))
            # Only who has left a review by the link may change it.
            assert answer.status_code in {200, 302} or rule.endswith(("/edit", "/delete")), rule
            assert not [words for words in WORDS_OF_THEIRS if words.encode() in answer.data], rule


def test_the_other_stores_owner_finds_nothing_of_mine_at_any_address(street: Street) -> None:
    client = street.app.test_client()
    stranger = Street(street.app, street.theirs, street.mine).member()
    token = street.token(client)
    before = rows_of(street.app)
    for method in ("GET", "POST"):
        for rule in street.rules(method):
            if rule.startswith("/merchant/<store>"):
                answer = stranger.open(street.mine.address(rule), method=method, data={"csrf_token": token})
                assert answer.status_code == 404, (method, rule)
                assert "Larkspur" not in answer.text
    assert changed(before, rows_of(street.app)) == []


def test_a_link_opens_the_products_of_its_own_order_alone(street: Street) -> None:
    client = street.stranger()
    for other in (street.theirs.holes["product_id"], "00000000-0000-7000-8000-000000000000"):
        for rest in ("", "/pictures"):
            address = f"/r/{street.mine.holes['link']}/{other}{rest}"
            assert client.post(address, data=TYPED).status_code == 404, address
        assert client.get(f"/r/{street.mine.holes['link']}/{other}").status_code == 404


def test_a_thank_you_page_belongs_to_its_store_and_its_product(street: Street) -> None:
    token = street.mine.holes["thanks_token"]
    client = street.stranger()
    assert client.get(f"/stores/larkspur/products/ridge-daypack/reviews/thanks/{token}").status_code == 200
    assert client.get(f"/stores/juniper/products/ridge-daypack/reviews/thanks/{token}").status_code == 404
    assert client.get(f"/stores/larkspur/products/only-larkspur/reviews/thanks/{token}").status_code == 404


def test_tokens_of_one_purpose_open_no_other_door(street: Street) -> None:
    """A link is no invitation, a thank-you is no link, a form's id is no thank-you."""
    client = street.stranger()
    holes = street.mine.holes
    kinds = {"link": "/r/{}", "invitation": "/merchant/join/{}", "reset": "/merchant/reset/{}"}
    kinds["confirmation"] = "/confirm/{}"
    kinds["thanks_token"] = "/stores/larkspur/products/ridge-daypack/reviews/thanks/{}"
    for of, token in holes.items():
        if of not in kinds:
            continue
        for door, address in kinds.items():
            if door != of and door != "reset":
                assert client.get(address.format(token)).status_code == 404, (of, door)


def test_a_viewer_of_both_stores_sees_each_apart(street: Street) -> None:
    """The same buyer, order number and handle stand in both; each dashboard shows its own."""
    for one, other in ((street.mine, street.theirs), (street.theirs, street.mine)):
        client = Street(street.app, one, other).member(StoreRole.VIEWER)
        for rest in ("orders", "reviews?state=published", "products", "settings/attributes", "deliveries"):
            page = client.get(f"/merchant/{one.slug}/{rest}").text
            assert not shown_ids(page) & ids(other), rest


def ids(store: Furnished) -> set[str]:
    return {value for name, value in store.holes.items() if name.endswith("_id")}


def shown_ids(page: str) -> set[str]:
    return set(re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", page))
