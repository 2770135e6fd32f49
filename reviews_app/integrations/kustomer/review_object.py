"""The custom object "Product review": its attributes, and where in the event each value stands.

A workflow reads what was posted as `steps.1.attributes.data`. A value that is a reference keeps its type; one with
braces around the path becomes text. An attribute holds 1,024 letters at most, so the review's own words, the answers
and the addresses of its pictures are never attributes: the whole event lies in the object's `data`.
"""

from dataclasses import dataclass

POSTED = "steps.1.attributes.data"
WARNING = "Address not proven: do not share order details before the customer has answered"


def posted(path: str = "") -> str:
    """A reference to a field of the event."""
    return f"/#{POSTED}.{path}" if path else f"/#{POSTED}"


def in_text(path: str) -> str:
    """A field of the event within a text, as it is; one that is missing is empty there."""
    return "{{{" + f"{POSTED}.{path}" + "}}}"


@dataclass(frozen=True, slots=True)
class ObjectAttribute:
    """One attribute: Kustomer's name for it, whose ending is its type; what people read; its value."""

    name: str
    label: str
    value: str


STARS = f"{in_text('review.rating')} of 5"
ATTRIBUTES = (
    ObjectAttribute("ratingNum", "Rating", posted("review.rating")),
    ObjectAttribute("starsStr", "Stars", STARS),
    ObjectAttribute("titleStr", "Title", posted("review.title")),
    ObjectAttribute("productStr", "Product", posted("product.productName")),
    ObjectAttribute("variantStr", "Variant", posted("product.variantName")),
    ObjectAttribute("skuStr", "SKU", posted("product.sku")),
    ObjectAttribute("orderStr", "Order", posted("orderId")),
    ObjectAttribute("reviewerStr", "Reviewer", posted("reviewer.displayName")),
    ObjectAttribute("countryStr", "Country or region", posted("reviewer.countryCode")),
    ObjectAttribute("recommendsBool", "Recommends it", posted("review.isRecommended")),
    ObjectAttribute("sentimentStr", "Sentiment", posted("review.sentiment")),
    ObjectAttribute("languageStr", "Language", posted("review.languageCode")),
    ObjectAttribute("sourceStr", "Left by", posted("review.source")),
    ObjectAttribute("leftAt", "Left", posted("review.dateCreated")),
    ObjectAttribute("photosNum", "Photos", posted("media.imageCount")),
    ObjectAttribute("videosNum", "Videos", posted("media.videoCount")),
    ObjectAttribute("rewardStr", "Reward", posted("reward.description")),
    ObjectAttribute("reviewIdStr", "Review id", posted("review.reviewId")),
)
OPEN_IN_REVIEWS = "openInReviewsUrl"
IS_TEST = "isTestBool"
# Not from the event: where the review stands with us, and a mark the workflow sets on tests.
LABELS = {one.name: one.label for one in ATTRIBUTES} | {OPEN_IN_REVIEWS: "Open in Reviews", IS_TEST: "Test"}
