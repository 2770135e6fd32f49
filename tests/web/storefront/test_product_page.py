import json
import re
from typing import Any

import pytest
from flask import Flask

from reviews_app.db.database import transaction
from reviews_app.models.attribute import AttributeKind
from reviews_app.models.review import Source
from reviews_app.models.store import Publishing
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.reply_to_review import reply_to_review
from reviews_app.services.review_draft import AnswerDraft
from reviews_app.services.submit_review import Proof
from tests.factories.attribute import make_attribute
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Visitor

PAGE = "/stores/larkspur/products/ridge-daypack"
HOSTILE = "</script><script>alert(1)</script>\u2028<!--"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def fill(app: Flask, *ratings: int, clock: FakeClock | None = None, **changes: Any) -> None:
    moving = clock or FakeClock()
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        product = make_product(writing, store)
        for rating in ratings:
            moving.advance(minutes=1)
            leave_review(writing, store, product, clock=moving, rating=rating, **changes)


def structured(page: str) -> dict[str, Any]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert len(blocks) == 1
    read: dict[str, Any] = json.loads(blocks[0])
    return read


def test_a_product_without_a_review_says_so_and_shows_no_number(app: Flask, visitor: Visitor) -> None:
    fill(app)
    page = visitor.open(PAGE).text
    assert "No reviews yet. Bought it? Be the first to say how it is." in page
    assert "0.0" not in page
    assert "aggregateRating" not in structured(page)


def test_the_summary_counts_and_recommends(app: Flask, visitor: Visitor) -> None:
    fill(app, 5, 5, 4, 1)
    page = visitor.open(PAGE).text
    assert '<span class="summary-number">3.8</span>' in page
    assert "4 reviews, 0 verified" in page
    assert "100% would recommend it" in page


def test_only_all_fives_show_five(app: Flask, visitor: Visitor) -> None:
    fill(app, *([5] * 40), 4)
    assert '<span class="summary-number">4.9</span>' in visitor.open(PAGE).text


def test_stars_filter_with_a_way_back(app: Flask, visitor: Visitor) -> None:
    fill(app, 5, 4, 1)
    page = visitor.open(f"{PAGE}?stars=1").text
    assert page.count('class="review"') == 1
    assert "Show all stars" in page


def test_pages_go_on_by_key_without_a_gap_or_a_repeat(app: Flask, visitor: Visitor) -> None:
    fill(app, *[1 + place % 5 for place in range(33)])
    for sort in ("newest", "highest", "lowest"):
        url, seen = f"{PAGE}?sort={sort}", list[str]()
        while url:
            page = visitor.open(url).text
            seen += re.findall(r'id="review-([0-9a-f]{32})"', page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            url = following.group(1).replace("&amp;", "&") if following else ""
        assert (len(seen), len(set(seen))) == (33, 33)


@pytest.mark.parametrize("query", ["after=nonsense", "after=%00", "after=" + "x" * 5000, "stars=9&sort=none"])
def test_a_wrong_key_filter_or_order_begins_at_the_start(app: Flask, visitor: Visitor, query: str) -> None:
    fill(app, 5, 4)
    answer = visitor.open(f"{PAGE}?{query}")
    assert (answer.status_code, answer.text.count('class="review"')) == (200, 2)


def test_waiting_and_rejected_reviews_are_nowhere(app: Flask, visitor: Visitor, clock: FakeClock) -> None:
    with app.app_context(), transaction() as writing:
        store = make_store(writing, publishing=Publishing.HOLD_ALL)
        product = make_product(writing, store)
        leave_review(writing, store, product, body="still waiting here")
        gone = leave_review(writing, store, product, body="taken down here")
        publish_review(writing, gone, clock=clock)
        reject_review(writing, gone, reason="spam", clock=clock)  # type: ignore[arg-type]
    page = visitor.open(PAGE).text
    assert "still waiting" not in page
    assert "taken down" not in page
    assert "No reviews yet." in page


def test_words_are_data_in_every_sink(app: Flask, visitor: Visitor, clock: FakeClock) -> None:
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        product = make_product(writing, store)
        note = make_attribute(writing, store, AttributeKind.SHORT_TEXT, title="Where?")
        review = leave_review(
            writing,
            store,
            product,
            title=HOSTILE,
            body=HOSTILE,
            name=f"A {HOSTILE}",
            display_name=HOSTILE,
            answers=(AnswerDraft(note.id, HOSTILE),),
        )
        reply_to_review(writing, review, body=HOSTILE, clock=clock)
    page = visitor.open(PAGE).text
    assert "<script>alert" not in page
    assert structured(page)["review"][0]["reviewBody"] == HOSTILE.strip()


def test_the_structured_data_tells_the_exact_numbers(app: Flask, visitor: Visitor) -> None:
    fill(app, 5, 4, 4)
    data = structured(visitor.open(PAGE).text)
    assert data["@type"] == "Product"
    assert data["aggregateRating"]["ratingValue"] == 4.33
    assert data["aggregateRating"]["reviewCount"] == 3
    assert data["offers"] == {
        "@type": "Offer",
        "price": "89.00",
        "priceCurrency": "USD",
        "url": "http://shop.test/stores/larkspur/products/ridge-daypack",
    }


@pytest.mark.parametrize(
    ("currency", "minor", "shown", "told"),
    [
        ("USD", 8900, "$89.00", "89.00"),
        ("JPY", 8900, "¥8,900", "8900"),
        ("VND", 8900, "₫8,900", "8900"),
        ("ISK", 8900, "ISK\u00a08,900", "8900"),
        ("KWD", 8900, "KWD\u00a08.900", "8.900"),
        ("IDR", 2_500_000_000, "IDR\u00a025,000,000.00", "25000000.00"),
    ],
)
def test_a_price_has_its_currencys_digits_for_people_and_for_machines(
    app: Flask, visitor: Visitor, currency: str, minor: int, shown: str, told: str
) -> None:
    with app.app_context(), transaction() as writing:
        product = make_product(writing, make_store(writing))
        product.currency, product.price_minor = currency, minor
    page = visitor.open(PAGE).text
    assert f'<p class="price">{shown}</p>' in page
    assert structured(page)["offers"]["price"] == told
    assert shown in visitor.open("/stores/larkspur").text


def test_no_full_name_or_address_is_on_the_page(app: Flask, visitor: Visitor) -> None:
    fill(app, 4, name="Morgan Featherstone", email="morgan@secret.example")
    page = visitor.open(PAGE).text
    assert "Morgan F." in page
    assert "Featherstone" not in page
    assert "secret.example" not in page


def test_a_badge_stands_where_an_order_proves_it(app: Flask, visitor: Visitor) -> None:
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        product = make_product(writing, store)
        order = make_order(writing, store, product)
        leave_review(writing, store, product, source=Source.REVIEW_REQUEST_EMAIL, proof=Proof(order))
        leave_review(writing, store, product, email=order.customer.email)
    assert visitor.open(PAGE).text.count("Verified buyer</p>") == 1


def test_how_we_check_follows_the_stores_setting(app: Flask, visitor: Visitor) -> None:
    fill(app, 4)
    assert "Reviews appear at once, whatever their stars." in visitor.open(PAGE).text


def test_every_answer_carries_the_strict_policy(app: Flask, visitor: Visitor) -> None:
    fill(app, 4)
    for url in (PAGE, "/stores/larkspur", f"{PAGE}/reviews/new", "/nothing"):
        policy = visitor.open(url).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy


def test_two_stores_with_one_handle_never_mix(app: Flask, visitor: Visitor) -> None:
    with app.app_context(), transaction() as writing:
        for slug, words in (("larkspur", "of larkspur"), ("juniper", "of juniper")):
            store = make_store(writing, slug)
            leave_review(
                writing, store, make_product(writing, store), body=f"This one is {words}.", email="a@b.example"
            )
    for slug, other in (("larkspur", "juniper"), ("juniper", "larkspur")):
        page = visitor.open(f"/stores/{slug}/products/ridge-daypack").text
        assert f"of {slug}." in page
        assert f"of {other}." not in page


def test_arabic_pages_run_from_right_to_left(app: Flask, visitor: Visitor) -> None:
    fill(app, 4)
    page = visitor.open(f"{PAGE}?lang=ar")
    assert '<html lang="ar" dir="rtl">' in page.text
    assert page.headers["Content-Language"] == "ar"


@pytest.mark.parametrize(
    ("count", "words"), [(1, "مراجعة واحدة"), (2, "مراجعتان"), (3, "3 مراجعات"), (11, "11 مراجعة")]
)
def test_arabic_counts_in_its_own_plurals(app: Flask, visitor: Visitor, count: int, words: str) -> None:
    fill(app, *[4] * count)
    page = visitor.open(f"{PAGE}?lang=ar").text
    assert f"{words}</a>" in page
    for stars in ("نجمة واحدة", "نجمتان", "3 نجوم"):
        assert f'<span class="bar-label">{stars}</span>' in page


@pytest.mark.parametrize(
    ("language", "price"), [("en", "$89.00"), ("ar", "\u200f89.00\xa0US$\u200e"), ("de", "89,00\xa0$")]
)
def test_a_price_keeps_its_sign_at_its_letters(app: Flask, visitor: Visitor, language: str, price: str) -> None:
    fill(app)
    assert f'<p class="price">{price}</p>' in visitor.open(f"{PAGE}?lang={language}").text
