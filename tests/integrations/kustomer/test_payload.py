import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.integrations.kustomer.payload import (
    MOST_BYTES,
    AttributePart,
    Event,
    MediaPart,
    ProductPart,
    ReviewerPart,
    ReviewPart,
    media_part,
    moment,
    reduced,
    to_bytes,
)

# The event as Kustomer's hook contract prints it; the order of keys counts.
CONTRACT = """
{"eventId": "5b0f1d8e-9c1f-5a58-8d2b-0d5f0a6c7e11", "reviewerEmail": "reviewer@example.com", "orderId": "#1205",
 "review": {"rating": 4, "title": "My New Favourite Product", "body": "I cannot believe how much I love this item.",
  "isRecommended": true, "sentiment": "positive", "languageCode": "en", "source": "write-review-button",
  "dateCreated": "2020-04-21T07:09:25.454Z", "reviewId": "fb3d343b-0b5d-42b5-a501-c8e486c3b0e4"},
 "reviewer": {"displayName": "Reviewer M.", "name": "Reviewer McGee", "countryCode": "AU"},
 "reward": null,
 "media": {"imageUrls": ["https://media.example.com/r/fb3d343b/1.webp"], "videoUrls": [], "imageCount": 1,
  "videoCount": 0},
 "attributes": [{"title": "Desired product uses", "value": ["Fixing the car", "Making pancakes"]},
  {"title": "Size Purchased", "value": 4}],
 "product": {"productId": "1885452822491", "productName": "Great Product", "variantId": "17387480307827",
  "variantName": "Variant Title", "sku": "888888"}}
"""


def example() -> Event:
    return Event(
        eventId="5b0f1d8e-9c1f-5a58-8d2b-0d5f0a6c7e11",
        reviewerEmail="reviewer@example.com",
        orderId="#1205",
        review=ReviewPart(
            rating=4,
            title="My New Favourite Product",
            body="I cannot believe how much I love this item.",
            isRecommended=True,
            sentiment="positive",
            languageCode="en",
            source="write-review-button",
            dateCreated=moment(datetime(2020, 4, 21, 7, 9, 25, 454999, tzinfo=UTC)),
            reviewId=str(UUID("fb3d343b-0b5d-42b5-a501-c8e486c3b0e4")),
        ),
        reviewer=ReviewerPart(displayName="Reviewer M.", name="Reviewer McGee", countryCode="AU"),
        reward=None,
        media=media_part(["https://media.example.com/r/fb3d343b/1.webp"]),
        attributes=[
            AttributePart(title="Desired product uses", value=["Fixing the car", "Making pancakes"]),
            AttributePart(title="Size Purchased", value=4),
        ],
        product=ProductPart(
            productId="1885452822491",
            productName="Great Product",
            variantId="17387480307827",
            variantName="Variant Title",
            sku="888888",
        ),
    )


def test_the_body_equals_the_contract_key_by_key_and_in_its_order() -> None:
    assert json.dumps(json.loads(to_bytes(example()))) == json.dumps(json.loads(CONTRACT))


def test_what_is_unknown_is_null_and_what_is_empty_is_a_list() -> None:
    bare = replace(
        example(),
        orderId=None,
        review=replace(example().review, isRecommended=None),
        reviewer=replace(example().reviewer, countryCode=None),
        media=media_part([]),
        attributes=[],
        product=replace(example().product, variantId=None, variantName=None, sku=None),
    )
    event = orjson.loads(to_bytes(bare))
    assert list(event) == list(json.loads(CONTRACT))
    assert (event["orderId"], event["reward"], event["review"]["isRecommended"]) == (None, None, None)
    assert (event["attributes"], event["media"]["imageUrls"]) == ([], [])
    assert list(event["product"]) == ["productId", "productName", "variantId", "variantName", "sku"]


@given(st.lists(st.text(max_size=40), max_size=8))
def test_counts_always_match_their_lists(addresses: list[str]) -> None:
    part = media_part(addresses)
    assert (part.imageCount, part.videoCount) == (len(part.imageUrls), len(part.videoUrls))


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001
    st.integers(min_value=-14 * 60, max_value=14 * 60),
)
def test_a_moment_is_utc_with_milliseconds_whatever_its_zone(naive: datetime, minutes: int) -> None:
    at = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    shown = moment(at)
    assert (len(shown), shown[-1]) == (24, "Z")
    assert timedelta(0) <= at - datetime.fromisoformat(shown) < timedelta(milliseconds=1)


def long(letters: int) -> bytes:
    """An event whose body's text makes it exactly so many bytes long."""
    bare = to_bytes(replace(example(), review=replace(example().review, body="")))
    return to_bytes(replace(example(), review=replace(example().review, body="x" * (letters - len(bare)))))


def test_a_reduced_body_keeps_the_text_and_says_that_it_is_reduced() -> None:
    many = [f"https://media.example.com/{number:0>200}.webp" for number in range(2500)]
    whole = to_bytes(replace(example(), media=media_part(many)))
    assert len(whole) > MOST_BYTES
    event = orjson.loads(reduced(whole))
    assert len(reduced(whole)) <= MOST_BYTES
    assert event["review"]["body"] == "I cannot believe how much I love this item."
    assert event["media"] == {"imageUrls": [], "videoUrls": [], "imageCount": 0, "videoCount": 0}
    assert event["reduced"]
    assert event["attributes"] != []


@pytest.mark.parametrize("letters", [391_000, 2_000_000])
def test_a_text_that_is_itself_too_long_is_cut_to_fit(letters: int) -> None:
    whole = long(letters)
    assert len(whole) == letters
    body = reduced(whole)
    assert 389_000 < len(body) <= MOST_BYTES
    assert orjson.loads(body)["review"]["body"].startswith("xxx")


@pytest.mark.parametrize("letter", ["é", "評", "🥾", '"', "\\", "\n"])
def test_cutting_counts_bytes_and_never_splits_a_letter(letter: str) -> None:
    whole = to_bytes(replace(example(), review=replace(example().review, body=letter * 400_000)))
    body = reduced(whole)
    assert len(body) <= MOST_BYTES
    assert set(orjson.loads(body)["review"]["body"]) == {letter}


def test_an_empty_media_part_is_what_a_test_review_carries() -> None:
    assert media_part([]) == MediaPart(imageUrls=[], videoUrls=[], imageCount=0, videoCount=0)
