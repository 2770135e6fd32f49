import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.product import Product
from reviews_app.models.review import Review, Sentiment
from reviews_app.models.store import Store
from reviews_app.services.submit_review import sentiment_of
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock

# Whatever a form lets through: no control characters but line breaks and tabs, no halves of letters.
TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=200)


def shop(session: Session) -> tuple[Store, Product]:
    store = make_store(session)
    return store, make_product(session, store, variants=("Moss", "Sand"))


def kept(session: Session, review: Review) -> Review:
    """As the database has it."""
    session.flush()
    session.expire_all()
    return session.scalars(select(Review).where(Review.id == review.id)).one()


@pytest.mark.parametrize(
    ("typed", "is_kept_as"),
    [
        ("  It holds.  ", "It holds."),
        ("Two\r\nlines", "Two\nlines"),
        ("Two\n\nparagraphs\n", "Two\n\nparagraphs"),
        ("Cafe\u0301", "Café"),
        ("\ufb01t", "\ufb01t"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"),
        ("{{ 7*7 }} %s {0}", "{{ 7*7 }} %s {0}"),
        ("'; DROP TABLE review; --", "'; DROP TABLE review; --"),
        ("👩‍👩‍👧 fits 🥾", "👩‍👩‍👧 fits 🥾"),
        ("مريحة جدا", "مريحة جدا"),
        ("\u202eright to left", "\u202eright to left"),
        ("tab\there", "tab\there"),
    ],
)
def test_words_are_kept_letter_for_letter_composed_and_trimmed(session: Session, typed: str, is_kept_as: str) -> None:
    store, product = shop(session)
    review = kept(session, leave_review(session, store, product, title=typed, body=typed))
    assert (review.title, review.body) == (is_kept_as, is_kept_as)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TYPED, body=TYPED, name=TYPED)
def test_any_text_is_kept_composed_and_without_blanks_around_it(
    session: Session, title: str, body: str, name: str
) -> None:
    store = session.scalar(select(Store)) or make_store(session)
    product = session.scalar(select(Product)) or make_product(session, store)
    review = kept(session, leave_review(session, store, product, title=title, body=body, name=name))
    assert review.body == unicodedata.normalize("NFC", body.replace("\r\n", "\n")).strip()
    assert review.title == unicodedata.normalize("NFC", title.replace("\r\n", "\n")).strip()
    assert review.name.split() == unicodedata.normalize("NFC", name).split()
    assert "  " not in review.name
    assert "\n" not in review.display_name


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [(None, "Morgan R."), ("", "Morgan R."), ("   ", "Morgan R."), ("Trail  Fox ", "Trail Fox"), ("Zoe\u0301", "Zoé")],
)
def test_a_shopper_shows_as_chosen_or_by_the_rule(session: Session, chosen: str | None, shown: str) -> None:
    store, product = shop(session)
    review = kept(session, leave_review(session, store, product, name=" Morgan \t Reed ", display_name=chosen))
    assert (review.name, review.display_name) == ("Morgan Reed", shown)


def test_the_address_is_kept_as_given_and_compared_in_small_letters(session: Session) -> None:
    store, product = shop(session)
    review = kept(session, leave_review(session, store, product, email=" Morgan.Reed@Example.COM "))
    assert (review.email, review.email_key) == ("Morgan.Reed@Example.COM", "morgan.reed@example.com")


@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("recommended", [True, False, None])
def test_sentiment_is_kept_with_the_review(session: Session, rating: int, recommended: bool | None) -> None:
    store, product = shop(session)
    review = kept(session, leave_review(session, store, product, rating=rating, is_recommended=recommended))
    expected = {1: "negative", 2: "negative", 3: "neutral", 4: "positive", 5: "positive"}[rating]
    if (rating > 3 and recommended is False) or (rating < 3 and recommended is True):
        expected = "mixed"
    assert review.sentiment == Sentiment(expected) == sentiment_of(rating, is_recommended=recommended)


@pytest.mark.parametrize(
    ("title", "body", "page", "language"),
    [
        ("", "Der Rucksack ist wirklich bequem und hält dicht.", "en", "de"),
        ("Très bon sac", "Je le recommande à tous mes amis.", "en", "fr"),
        ("", "ok", "de", "de"),
        ("", "ok", "en", "en"),
        ("このリュックは最高です", "とても軽い。", "en", "ja"),
        ("", "Bardzo dobry plecak, polecam każdemu, kto chodzi po górach.", "es", "es"),
    ],
)
def test_the_language_is_heard_in_title_and_words_together(
    session: Session, title: str, body: str, page: str, language: str
) -> None:
    store, product = shop(session)
    review = leave_review(session, store, product, title=title, body=body, page_language=page)
    assert review.language_code == language


def test_a_variant_of_another_product_counts_as_unknown(session: Session) -> None:
    store, product = shop(session)
    other = make_product(session, store, "stove", variants=("Large",))
    for variant_id in (other.variants[0].id, new_id()):
        assert leave_review(session, store, product, variant_id=variant_id).variant_id is None
    known = leave_review(session, store, product, variant_id=product.variants[1].id)
    assert kept(session, known).variant is product.variants[1]


def test_a_review_carries_the_clocks_moment_and_an_id_of_its_own(session: Session) -> None:
    store, product = shop(session)
    clock = FakeClock()
    first = leave_review(session, store, product, clock=clock)
    clock.advance(microseconds=1)
    second = leave_review(session, store, product, clock=clock)
    assert (kept(session, first).created_at, first.decided_at) == (START, START)
    assert (second.created_at > first.created_at, second.id > first.id) == (True, True)


@pytest.mark.parametrize("country", [None, "AU", "DE"])
def test_a_country_is_kept_or_unknown(session: Session, country: str | None) -> None:
    store, product = shop(session)
    assert kept(session, leave_review(session, store, product, country_code=country)).country_code == country


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_no_review_has_other_stars_than_one_to_five(session: Session, rating: int) -> None:
    store, product = shop(session)
    with pytest.raises(IntegrityError):
        leave_review(session, store, product, rating=rating)
    session.rollback()
    assert session.scalars(select(Review)).all() == []


def test_the_same_form_id_in_two_stores_is_two_reviews(session: Session) -> None:
    left = []
    for slug in ("larkspur", "juniper"):
        store = make_store(session, slug)
        left.append(leave_review(session, store, make_product(session, store), form_id="same"))
    assert left[0].id != left[1].id
