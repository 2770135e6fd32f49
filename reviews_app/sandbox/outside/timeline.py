"""One event as an agent reads it on the customer's timeline. Takes whatever was posted: the page never breaks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from reviews_app.sandbox.outside.world import event_data

SOURCES = {
    "write-review-button": "by the button on the product page",
    "review-request-email": "by the link in a review-request email",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the page prints."""

    number: int
    at: str
    rating: int | None
    title: str
    body: str
    language: str
    facts: list[tuple[str, str]]
    answers: list[tuple[str, str]]
    images: list[str]
    videos: list[str]
    repeat_of: int | None
    raw: str


def entry(number: int, envelope: dict[str, Any], *, first: Callable[[str], int | None]) -> Entry:
    """Read one envelope."""
    data = event_data(envelope)
    review, media = _part(data, "review"), _part(data, "media")
    rating = review.get("rating")
    first_number = first(str(data.get("eventId")))
    return Entry(
        number=number,
        at=_text(envelope.get("attributes", {}).get("createdAt")),
        rating=rating if isinstance(rating, int) and 1 <= rating <= 5 else None,
        title=_text(review.get("title")),
        body=_text(review.get("body")),
        language=_text(review.get("languageCode")),
        facts=_facts(data, review),
        answers=_answers(data.get("attributes")),
        images=web_addresses(media.get("imageUrls")),
        videos=web_addresses(media.get("videoUrls")),
        repeat_of=first_number if first_number != number else None,
        raw=orjson.dumps(envelope, option=orjson.OPT_INDENT_2).decode(),
    )


def _facts(data: dict[str, Any], review: dict[str, Any]) -> list[tuple[str, str]]:
    reviewer, product = _part(data, "reviewer"), _part(data, "product")
    source = _text(review.get("source"))
    facts = [
        ("From", _joined(reviewer.get("name"), data.get("reviewerEmail"), reviewer.get("countryCode"))),
        ("Product", _joined(product.get("productName"), product.get("variantName"), product.get("sku"))),
        ("Order", _text(data.get("orderId"))),
        ("Recommends", _recommends(review.get("isRecommended"))),
        ("Sentiment", _text(review.get("sentiment"))),
        ("Left", SOURCES.get(source, source)),
        ("Reward", _text(_part(data, "reward").get("description"))),
    ]
    return [(name, value) for name, value in facts if value]


def _recommends(answer: Any) -> str:
    return ("yes" if answer else "no") if isinstance(answer, bool) else ""


def _answers(attributes: Any) -> list[tuple[str, str]]:
    listed = attributes if isinstance(attributes, list) else []
    return [(_text(one.get("title")), _text(one.get("value"))) for one in listed if isinstance(one, dict)]


def _part(data: dict[str, Any], name: str) -> dict[str, Any]:
    part = data.get(name)
    return part if isinstance(part, dict) else {}


def _joined(*values: Any) -> str:
    return " · ".join(text for text in map(_text, values) if text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value)


def web_addresses(values: Any) -> list[str]:
    """Of a list of anything, what is a web address."""
    listed = values if isinstance(values, list) else []
    return [one for one in listed if isinstance(one, str) and one.startswith(("https://", "http://"))]
