"""What the workflow made of one event, for the page."""

from dataclasses import dataclass
from typing import Any

from reviews_app.integrations.kustomer.review_object import WARNING
from reviews_app.sandbox.outside.desk import Desk
from reviews_app.sandbox.outside.timeline import Entry, entry, web_addresses

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """The records as they are now; None where there is none. `failed` says why the run stopped early."""

    steps: list[str]
    failed: str
    customer: Record | None
    review: Record | None
    conversation: Record | None


@dataclass(frozen=True, slots=True)
class Card:
    """A product review as the app's card shows it; `link` is empty for a test."""

    review: Entry
    is_unproven: bool
    is_test: bool
    product: str
    order: str
    link: str


@dataclass(frozen=True, slots=True)
class CustomerTimeline:
    """A customer with what stands on their timeline, the newest first."""

    customer: Record
    cards: list[Card]
    conversations: list[Record]


def made_of(desk: Desk, number: int) -> Made | None:
    """What came of an event; None when no workflow stood behind the hook then."""
    run = desk.get("run", str(number))
    if run is None:
        return None
    return Made(
        steps=run["steps"],
        failed=run["failed"],
        customer=desk.get("customer", str(run["customer"])),
        review=desk.get("object", str(run["object"])),
        conversation=desk.get("conversation", str(run["conversation"])),
    )


def timeline_of(desk: Desk, customer_id: str) -> CustomerTimeline | None:
    """A customer's timeline, or None when there is no such customer."""
    customer = desk.get("customer", customer_id)
    if customer is None:
        return None
    theirs = [one for one in reversed(desk.all("object")) if one.get("customer") == customer_id]
    conversations = [one for one in reversed(desk.all("conversation")) if one.get("customer") == customer_id]
    return CustomerTimeline(customer, [_card(one) for one in theirs], conversations)


def _card(record: Record) -> Card:
    """Read from the object's data, which holds whatever was posted."""
    data = record.get("data") if isinstance(record.get("data"), dict) else {}
    custom = record.get("custom") or {}
    review = entry(1, {"attributes": {"data": data}}, first=lambda _: 1)
    facts = dict(review.facts)
    is_test = custom.get("isTestBool") is True
    link = web_addresses([custom.get("openInReviewsUrl")])
    return Card(
        review=review,
        is_unproven=record.get("description") == WARNING,
        is_test=is_test,
        product=facts.get("Product", ""),
        order=facts.get("Order", "not known"),
        link=link[0] if link and not is_test else "",
    )
