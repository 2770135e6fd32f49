"""The event a helpdesk reads, field by field; the contract's own example is the measure."""

import re
from typing import Any

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ORDER = {
    "": ["eventId", "reviewerEmail", "orderId", "review", "reviewer", "reward", "media", "attributes", "product"],
    "review": [
        "rating",
        "title",
        "body",
        "isRecommended",
        "sentiment",
        "languageCode",
        "source",
        "dateCreated",
        "reviewId",
    ],
    "reviewer": ["displayName", "name", "countryCode"],
    "media": ["imageUrls", "videoUrls", "imageCount", "videoCount"],
    "product": ["productId", "productName", "variantId", "variantName", "sku"],
}
DRIFT_M = {"productName": "Drift Rain Shell", "variantName": "M", "sku": "DRS-M"}


def as_said(event: dict[str, Any]) -> dict[str, Any]:
    """The event without what no test can know: ids, the moment, the shop's ids; their forms are checked on the way."""
    assert {group: list(event[group] if group else event) for group in ORDER} == ORDER
    assert event["media"]["imageCount"] == len(event["media"]["imageUrls"])
    assert event["media"]["videoCount"] == len(event["media"]["videoUrls"])
    review, product = dict(event["review"]), dict(event["product"])
    assert MOMENT.fullmatch(review.pop("dateCreated"))
    assert ID.fullmatch(review.pop("reviewId"))
    assert ID.fullmatch(event["eventId"])
    for name in ("productId", "variantId"):
        value = product.pop(name)
        assert value is None or (isinstance(value, str) and value)
    counts = (event["media"]["imageCount"], event["media"]["videoCount"])
    rest = {name: value for name, value in event.items() if name != "eventId"}
    return rest | {"review": review, "product": product, "media": counts}
