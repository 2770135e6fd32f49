"""Example Webhook Data: an event of this very store in the exact envelope Kustomer wraps around it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Protocol

import orjson

from reviews_app.integrations.kustomer.from_review import product_part
from reviews_app.integrations.kustomer.payload import (
    AttributePart,
    Event,
    ReviewerPart,
    ReviewPart,
    RewardPart,
    media_part,
)
from reviews_app.lib.addresses import Addresses
from reviews_app.models.attribute import Attribute, AttributeKind
from reviews_app.models.product import Product
from reviews_app.models.review import AnswerValue
from reviews_app.models.store import Store

ORG, HOOK, EVENT = "5e6daf9d2b1c4a0012ab34aa", "5e6daf9d2b1c4a0012ab34bb", "5e6daf9d2b1c4a0012ab34cd"


class Parts(Protocol):
    """A store with its first product and its questions."""

    @property
    def store(self) -> Store:
        """The store."""

    @property
    def product(self) -> Product | None:
        """Its first product."""

    @property
    def attributes(self) -> Iterable[Attribute]:
        """Its questions, in the form's order."""


def example_webhook_data(parts: Parts, *, addresses: Addresses) -> str:
    """JSON, indented, ready to paste into the trigger's field."""
    data = asdict(_event(parts, addresses))
    envelope = {
        "id": EVENT,
        "type": "transaction",
        "attributes": {"createdAt": "2026-01-15T09:30:12.830Z", "data": data},
        "relationships": {
            "org": {"data": {"type": "org", "id": ORG}, "links": {"self": f"/v1/org/{ORG}"}},
            "hook": {"data": {"type": "web_hook", "id": HOOK}, "links": {"self": f"/v1/hooks/web/{HOOK}"}},
        },
    }
    return orjson.dumps(envelope, option=orjson.OPT_INDENT_2).decode()


def _event(parts: Parts, addresses: Addresses) -> Event:
    variants = parts.product.variants if parts.product else []
    return Event(
        eventId="5b0f1d8e-9c1f-5a58-8d2b-0d5f0a6c7e11",
        reviewerEmail="reviewer@example.com",
        orderId="#1205",
        review=ReviewPart(
            rating=4,
            title="My new favourite",
            body="I have used it every week since it came, and it still looks new.",
            isRecommended=True,
            sentiment="positive",
            languageCode=parts.store.language,
            source="review-request-email",
            dateCreated="2026-01-15T09:30:12.454Z",
            reviewId="fb3d343b-0b5d-42b5-a501-c8e486c3b0e4",
        ),
        reviewer=ReviewerPart("Reviewer M.", "Reviewer McGee", parts.store.home_country),
        reward=RewardPart("coupon", "$5 off your next order"),
        media=media_part([addresses.picture("AAAAAAAAAAAAAAAAAAAAAA", 1600)]),
        attributes=[AttributePart(one.title, _answer(one)) for one in parts.attributes],
        product=product_part(parts.product, variants[0] if variants else None),
    )


def _answer(attribute: Attribute) -> AnswerValue:
    if attribute.kind is AttributeKind.MULTIPLE_CHOICE:
        return attribute.choices[:2]
    if attribute.kind is AttributeKind.SINGLE_CHOICE:
        return attribute.choices[0] if attribute.choices else ""
    return attribute.kind.steps[3] if attribute.kind.steps else "In their own words"
