"""The event made of a review's rows: what is told, what is null, and what an unconfirmed reward says."""

from typing import Any

import pytest

from reviews_app.integrations.kustomer import from_review
from reviews_app.integrations.kustomer.from_review import (
    UNCONFIRMED,
    event_of_review,
    event_of_test,
    product_part,
    reward_part,
)
from reviews_app.lib.addresses import Addresses
from reviews_app.lib.ids import new_id
from reviews_app.models.coupon import Coupon
from reviews_app.models.media import Media, MediaKind, MediaState
from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.review import Review, ReviewAnswer, ReviewState, Sentiment, Source
from reviews_app.models.reward import Reward, RewardState
from reviews_app.models.store import Store
from tests.fakes.clock import START

ADDRESSES = Addresses(public="https://shop.test", media="https://media.test")
PACK = Product(shop_id="p-1", title="Ridge Pack")
GREEN = ProductVariant(shop_id="v-1", name="Green", sku="RP-G")


def a_review(**changes: Any) -> Review:
    values: dict[str, Any] = {
        "id": new_id(),
        "rating": 2,
        "title": "",
        "body": "A strap broke.",
        "is_recommended": None,
        "name": "Morgan Reed",
        "display_name": "Morgan R.",
        "email": "morgan@example.com",
        "country_code": None,
        "language_code": "en",
        "sentiment": Sentiment.NEGATIVE,
        "source": Source.WRITE_REVIEW_BUTTON,
        "state": ReviewState.PENDING,
        "created_at": START,
        "product": PACK,
        "variant": None,
        "reward": None,
    }
    return Review(**(values | changes))


def event(review: Review, number: str | None = None) -> Any:
    return event_of_review(review, event_id=new_id(), order_number=number, addresses=ADDRESSES)


def a_picture(name: str, kind: MediaKind = MediaKind.IMAGE, state: MediaState = MediaState.READY) -> Media:
    return Media(name=name * 22, view_key="k" * 22, kind=kind, state=state, is_hidden=False)


def test_what_nobody_said_is_null_and_not_guessed() -> None:
    made = event(a_review())
    assert (made.orderId, made.reward, made.review.isRecommended, made.reviewer.countryCode) == (None,) * 4
    assert (made.attributes, made.media.imageUrls, made.media.imageCount) == ([], [], 0)


@pytest.mark.parametrize("state", ReviewState)
def test_a_review_is_told_alike_wherever_it_stands(state: ReviewState) -> None:
    review = a_review(state=state)
    made = event(review, "#1205")
    assert (made.orderId, made.reviewerEmail, made.review.reviewId) == ("#1205", "morgan@example.com", str(review.id))
    assert (made.reviewer.name, made.reviewer.displayName) == ("Morgan Reed", "Morgan R.")


def test_pictures_and_videos_are_told_apart_and_broken_ones_left_out() -> None:
    media = [
        a_picture("a"),
        a_picture("b", MediaKind.VIDEO),
        a_picture("c", state=MediaState.UPLOADED),
        a_picture("d", state=MediaState.FAILED),
        a_picture("e", MediaKind.VIDEO, MediaState.FAILED),
    ]
    told = event(a_review(media=media)).media
    assert (told.imageCount, told.videoCount) == (2, 1)
    assert [url.split("?")[0] for url in told.imageUrls] == [
        f"https://media.test/{'a' * 22}-1600.webp",
        f"https://media.test/{'c' * 22}-1600.webp",
    ]
    assert all("?key=" in url for url in (*told.imageUrls, *told.videoUrls))


def test_what_a_merchant_hid_is_neither_shown_nor_counted() -> None:
    media = [a_picture("a"), a_picture("b"), a_picture("c", MediaKind.VIDEO)]
    media[1].is_hidden = media[2].is_hidden = True
    told = event(a_review(media=media)).media
    assert (told.imageCount, told.videoCount, told.videoUrls) == (1, 0, [])
    assert [url.split("?")[0] for url in told.imageUrls] == [f"https://media.test/{'a' * 22}-1600.webp"]


def test_answers_keep_their_kind_and_the_question_as_it_was_asked() -> None:
    answers = [
        ReviewAnswer(title="Uses", value=["Travel", "Commuting"], position=0),
        ReviewAnswer(title="Fit", value=-2, position=1),
        ReviewAnswer(title="Height", value="1.80 m", position=2),
    ]
    told = [(one.title, one.value) for one in event(a_review(answers=answers)).attributes]
    assert told == [("Uses", ["Travel", "Commuting"]), ("Fit", -2), ("Height", "1.80 m")]


@pytest.mark.parametrize("state", RewardState)
@pytest.mark.parametrize("is_proven", [True, False])
def test_a_reward_is_told_while_the_review_earns_it(state: RewardState, *, is_proven: bool) -> None:
    told = reward_part(Reward(state=state, is_proven=is_proven, coupon=Coupon(description="$5 off")))
    if state in {RewardState.GIVEN_BEFORE, RewardState.CANCELLED}:
        assert told is None
    else:
        assert told is not None
        assert (told.type, told.description) == ("coupon", "$5 off" if is_proven else f"$5 off {UNCONFIRMED}")


@pytest.mark.parametrize(
    ("product", "variant", "told"),
    [
        (PACK, GREEN, ("p-1", "Ridge Pack", "v-1", "Green", "RP-G")),
        (PACK, ProductVariant(shop_id="v-2", name="Blue", sku=""), ("p-1", "Ridge Pack", "v-2", "Blue", None)),
        (PACK, None, ("p-1", "Ridge Pack", None, None, None)),
        (None, None, ("0", "Test product", None, None, None)),
    ],
)
def test_a_product_is_told_under_the_shops_own_ids(product: Any, variant: Any, told: tuple[str | None, ...]) -> None:
    part = product_part(product, variant)
    assert (part.productId, part.productName, part.variantId, part.variantName, part.sku) == told


def test_a_test_has_every_field_of_a_review_and_says_that_it_is_one() -> None:
    store = Store(name="Larkspur", home_country="US", languages=["en"])
    asked = from_review.TestReview(store=store, product=None, email="kim@example.com", subject_id=new_id(), now=START)
    made, real = event_of_test(asked, event_id=new_id()), event(a_review())
    assert made.__slots__ == real.__slots__
    assert made.review.title == "Test from Larkspur: safe to delete"
    assert (made.reviewerEmail, made.review.reviewId) == ("kim@example.com", str(asked.subject_id))
