"""The body we post: exactly the contract, every key always there.

Source of every rule: Kustomer's hook contract as kept in docs/kustomer.md.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from reviews_app.models.review import AnswerValue

MOST_BYTES = 390_000
REDUCED_MARKER = "shortened: the review was too large for Kustomer"


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """What was said. `dateCreated` is UTC with milliseconds."""

    rating: int
    title: str
    body: str
    isRecommended: bool | None  # noqa: N815
    sentiment: str
    languageCode: str  # noqa: N815
    source: str
    dateCreated: str  # noqa: N815
    reviewId: str  # noqa: N815


@dataclass(frozen=True, slots=True)
class ReviewerPart:
    """Who said it; the shown name, and the full one for the support agent."""

    displayName: str  # noqa: N815
    name: str
    countryCode: str | None  # noqa: N815


@dataclass(frozen=True, slots=True)
class RewardPart:
    """The offer the review qualifies for."""

    type: str
    description: str


@dataclass(frozen=True, slots=True)
class MediaPart:
    """Absolute addresses; the counts match the lists."""

    imageUrls: list[str]  # noqa: N815
    videoUrls: list[str]  # noqa: N815
    imageCount: int  # noqa: N815
    videoCount: int  # noqa: N815


@dataclass(frozen=True, slots=True)
class AttributePart:
    """An answered attribute in the store's own wording."""

    title: str
    value: AnswerValue


@dataclass(frozen=True, slots=True)
class ProductPart:
    """The product under the shop's own ids."""

    productId: str  # noqa: N815
    productName: str  # noqa: N815
    variantId: str | None  # noqa: N815
    variantName: str | None  # noqa: N815
    sku: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One event, in the order the contract lists it."""

    eventId: str  # noqa: N815
    reviewerEmail: str  # noqa: N815
    orderId: str | None  # noqa: N815
    review: ReviewPart
    reviewer: ReviewerPart
    reward: RewardPart | None
    media: MediaPart
    attributes: list[AttributePart]
    product: ProductPart


def to_bytes(event: Event) -> bytes:
    """The body, without a blank too many."""
    return orjson.dumps(event)


def reduced(body: bytes) -> bytes:
    """The body within 390,000 bytes: media lists emptied, a marker set, then attributes and text cut if need be.

    Kustomer answers 413 above 400 kB and does not say whether a kB is 1000 or 1024 bytes.
    """
    event = orjson.loads(body)
    event["media"] = {"imageUrls": [], "videoUrls": [], "imageCount": 0, "videoCount": 0}
    event["reduced"] = REDUCED_MARKER
    if len(orjson.dumps(event)) > MOST_BYTES:
        event["attributes"] = []
    while (excess := len(orjson.dumps(event)) - MOST_BYTES) > 0 and event["review"]["body"]:
        event["review"]["body"] = _shortened(event["review"]["body"], excess)
    return orjson.dumps(event)


def _shortened(text: str, excess: int) -> str:
    """Without the letters at its end that take up `excess` bytes as JSON, or nearly."""
    bytes_each = len(orjson.dumps(text)) / max(len(text), 1)
    return text[: max(len(text) - max(int(excess / bytes_each), 1), 0)]


def moment(at: datetime) -> str:
    """UTC, ISO 8601 with milliseconds and Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def media_part(image_urls: list[str], video_urls: list[str] | None = None) -> MediaPart:
    """Pictures and videos as lists and counts."""
    videos = video_urls or []
    return MediaPart(imageUrls=image_urls, videoUrls=videos, imageCount=len(image_urls), videoCount=len(videos))


def text_id(value: UUID) -> str:
    """An id as the contract writes it."""
    return str(value)
