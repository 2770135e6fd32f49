"""One event as an agent reads it: whatever was posted, the page never breaks."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.sandbox.outside.timeline import Entry, entry, web_addresses

EVENT: dict[str, Any] = {
    "eventId": "e-1",
    "reviewerEmail": "morgan@example.com",
    "orderId": "#1205",
    "review": {
        "rating": 2,
        "title": "A strap broke",
        "body": "After a week.",
        "isRecommended": False,
        "sentiment": "negative",
        "languageCode": "en",
        "source": "review-request-email",
    },
    "reviewer": {"name": "Morgan Reed", "countryCode": "AU"},
    "reward": {"type": "coupon", "description": "$5 off"},
    "media": {"imageUrls": ["https://shop.test/a.webp"], "videoUrls": []},
    "attributes": [{"title": "Fit", "value": ["Small", "Narrow"]}, {"title": "Scale", "value": -2}],
    "product": {"productName": "Ridge Pack", "variantName": "Green", "sku": "RP-G"},
}


def read(data: Any, *, number: int = 1, first: int | None = 1) -> Entry:
    envelope = {"attributes": {"createdAt": "2026-11-23T12:00:00.000Z", "data": data}}
    return entry(number, envelope, first=lambda _id: first)


def changed(part: str, **values: Any) -> dict[str, Any]:
    return EVENT | {part: EVENT[part] | values}


def test_an_agent_reads_everything_that_was_said() -> None:
    found = read(EVENT)
    assert (found.rating, found.title, found.body, found.language) == (2, "A strap broke", "After a week.", "en")
    assert found.facts == [
        ("From", "Morgan Reed · morgan@example.com · AU"),
        ("Product", "Ridge Pack · Green · RP-G"),
        ("Order", "#1205"),
        ("Recommends", "no"),
        ("Sentiment", "negative"),
        ("Left", "by the link in a review-request email"),
        ("Reward", "$5 off"),
    ]
    assert found.answers == [("Fit", "Small, Narrow"), ("Scale", "-2")]
    assert (found.images, found.videos) == (["https://shop.test/a.webp"], [])


def test_what_is_not_known_is_not_shown() -> None:
    nothing = EVENT | {"orderId": None, "reward": None, "product": {"productName": "Ridge Pack", "sku": None}}
    facts = dict(read(nothing).facts)
    assert facts.keys().isdisjoint({"Order", "Reward"})
    assert facts["Product"] == "Ridge Pack"


@pytest.mark.parametrize(("said", "shown"), [(True, "yes"), (False, "no"), (None, None), ("yes", None), (1, None)])
def test_a_recommendation_is_yes_or_no_or_nothing(said: Any, shown: str | None) -> None:
    assert dict(read(changed("review", isRecommended=said)).facts).get("Recommends") == shown


@pytest.mark.parametrize(
    ("said", "shown"), [(1, 1), (5, 5), (0, None), (6, None), (-1, None), ("4", None), (4.5, None)]
)
def test_only_one_to_five_stars_are_drawn(said: Any, shown: int | None) -> None:
    assert read(changed("review", rating=said)).rating == shown


def test_a_door_nobody_knows_is_shown_by_its_word() -> None:
    assert dict(read(changed("review", source="fax")).facts)["Left"] == "fax"
    assert "Left" not in dict(read(changed("review", source=None)).facts)


@pytest.mark.parametrize(("number", "first", "repeat"), [(1, 1, None), (3, 1, 1), (3, None, None)])
def test_a_repeated_event_names_the_first(number: int, first: int | None, repeat: int | None) -> None:
    assert read(EVENT, number=number, first=first).repeat_of == repeat


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//shop.test/x", "ftp://x", " https://x", "", None, 5, ["x"]]
)
def test_only_web_addresses_become_links(address: Any) -> None:
    assert web_addresses([address, "https://shop.test/a"]) == ["https://shop.test/a"]


@pytest.mark.parametrize("listed", [None, "https://shop.test", 5, {"0": "https://shop.test"}])
def test_what_is_no_list_holds_no_address(listed: Any) -> None:
    assert web_addresses(listed) == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["title", "rating", "name"]), inner),
    max_leaves=5,
)


@settings(deadline=None, max_examples=60)
@given(parts=st.dictionaries(st.sampled_from([*EVENT]), ANYTHING), data=ANYTHING)
def test_whatever_was_posted_is_an_entry_with_what_came_beneath(parts: dict[str, Any], data: Any) -> None:
    for posted in (EVENT | parts, data):
        found = read(posted)
        assert orjson.loads(found.raw)["attributes"]["data"] == posted
        assert all(isinstance(name, str) and isinstance(value, str) for name, value in found.facts + found.answers)
