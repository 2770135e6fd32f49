"""Makes the event of a review, or of a test, from rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reviews_app.integrations.kustomer.payload import (
    AttributePart,
    Event,
    MediaPart,
    ProductPart,
    ReviewerPart,
    ReviewPart,
    RewardPart,
    media_part,
    moment,
    text_id,
)
from reviews_app.lib.addresses import Addresses
from reviews_app.models.media import MediaKind, MediaState
from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.review import Review, Sentiment, Source
from reviews_app.models.reward import Reward
from reviews_app.models.store import Store

PICTURE_WIDTH = 1600
# By these two a workflow knows a test, whatever the store is called by then.
TEST_BODY = "This is a test review. It was sent from the settings of Reviews and counts nowhere."
TEST_NAME = "Test Reviewer"
UNCONFIRMED = "after the address is confirmed"


def event_of_review(review: Review, *, event_id: UUID, order_number: str | None, addresses: Addresses) -> Event:
    """The event of a review; `order_number` is the shown one of the order the contract names.

    A hidden picture stays out: its reason may be what it shows of somebody.
    """
    shown = [one for one in review.media if one.state is not MediaState.FAILED and not one.is_hidden]
    pictures = [addresses.keyed_picture(one, PICTURE_WIDTH) for one in shown if one.kind is MediaKind.IMAGE]
    videos = [addresses.keyed_video(one) for one in shown if one.kind is MediaKind.VIDEO]
    return Event(
        eventId=text_id(event_id),
        reviewerEmail=review.email,
        orderId=order_number,
        review=ReviewPart(
            rating=review.rating,
            title=review.title,
            body=review.body,
            isRecommended=review.is_recommended,
            sentiment=str(review.sentiment),
            languageCode=review.language_code,
            source=str(review.source),
            dateCreated=moment(review.created_at),
            reviewId=text_id(review.id),
        ),
        reviewer=ReviewerPart(displayName=review.display_name, name=review.name, countryCode=review.country_code),
        reward=reward_part(review.reward),
        media=media_part(pictures, videos),
        attributes=[AttributePart(title=answer.title, value=answer.value) for answer in review.answers],
        product=product_part(review.product, review.variant),
    )


def reward_part(reward: Reward | None) -> RewardPart | None:
    """The coupon a review qualifies for; the words say when its address still has to be confirmed."""
    if reward is None or not reward.is_earned:
        return None
    words = reward.coupon.description
    return RewardPart(type="coupon", description=words if reward.is_proven else f"{words} {UNCONFIRMED}")


@dataclass(frozen=True, slots=True)
class TestReview:
    """What a test review is made of: the store, one of its products, the signed-in merchant's address."""

    store: Store
    product: Product | None
    email: str
    subject_id: UUID
    now: datetime


def event_of_test(test: TestReview, *, event_id: UUID) -> Event:
    """The same path and shape as a review; the title says that it may be deleted."""
    return Event(
        eventId=text_id(event_id),
        reviewerEmail=test.email,
        orderId=None,
        review=ReviewPart(
            rating=5,
            title=f"Test from {test.store.name}: safe to delete",
            body=TEST_BODY,
            isRecommended=True,
            sentiment=str(Sentiment.POSITIVE),
            languageCode="en",
            source=str(Source.WRITE_REVIEW_BUTTON),
            dateCreated=moment(test.now),
            reviewId=text_id(test.subject_id),
        ),
        reviewer=ReviewerPart(displayName="Test R.", name=TEST_NAME, countryCode=test.store.home_country),
        reward=None,
        media=MediaPart(imageUrls=[], videoUrls=[], imageCount=0, videoCount=0),
        attributes=[],
        product=product_part(test.product, None),
    )


def product_part(product: Product | None, variant: ProductVariant | None) -> ProductPart:
    """The shop's own ids as text; variant fields are null when no variant is known."""
    return ProductPart(
        productId=product.shop_id if product else "0",
        productName=product.title if product else "Test product",
        variantId=variant.shop_id if variant else None,
        variantName=variant.name if variant else None,
        sku=(variant.sku or None) if variant else None,
    )
