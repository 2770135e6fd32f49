"""A product's page is rendered once and sent many times; a change shows at the next look, in every process."""

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.db.shown_changes import TABLES
from reviews_app.models.review import RejectionReason, Review
from reviews_app.models.store import Store
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.reply_to_review import reply_to_review
from reviews_app.web.kept_pages import KeptPage, KeptPages
from tests.factories.furnished import furnish
from tests.factories.member import signed_in
from tests.fakes.asked import statements, tables_read
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Visitor

PAGE = "/stores/larkspur/products/ridge-daypack"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    furnish(app, "larkspur")
    return Visitor(app.test_client())


def test_the_second_look_asks_the_database_once(app: Flask, visitor: Visitor) -> None:
    first = visitor.open(PAGE)
    with statements(app) as asked:
        second = visitor.open(PAGE)
    assert len(asked) == 1
    assert (second.data, second.headers["ETag"]) == (first.data, first.headers["ETag"])


def test_every_table_a_product_page_reads_is_watched(app: Flask, visitor: Visitor) -> None:
    with statements(app) as asked:
        visitor.open(f"{PAGE}?sort=highest")
    read = tables_read(asked)
    assert {"review", "product_rating", "media"} <= read
    # What is missing here must get its line in db/shown_changes.py, or an old page stands.
    assert read - TABLES - {"page_stamp"} == set()


def test_a_change_in_one_process_shows_in_the_others_at_once(app: Flask, elsewhere: Flask, visitor: Visitor) -> None:
    other = Visitor(elsewhere.test_client())
    words = "A secret of larkspur, told on its page."
    assert words in visitor.open(PAGE).text
    assert words in other.open(PAGE).text
    with elsewhere.app_context(), transaction() as writing:
        review = writing.scalars(select(Review).where(Review.body == words)).one()
        review_id = review.id
        reject_review(writing, review, reason=RejectionReason.SPAM, clock=FakeClock())
    assert words not in visitor.open(PAGE).text
    assert words not in other.open(PAGE).text
    with app.app_context(), transaction() as writing:
        publish_review(writing, writing.get_one(Review, review_id), clock=FakeClock())
    assert words in visitor.open(PAGE).text
    assert words in other.open(PAGE).text


def test_a_reply_and_a_new_name_show_at_the_next_look(app: Flask, visitor: Visitor) -> None:
    visitor.open(PAGE)
    with app.app_context(), transaction() as writing:
        review = writing.scalars(select(Review).where(Review.body.startswith("A secret of"))).one()
        reply_to_review(writing, review, body="We hear you, gladly.", clock=FakeClock())
    assert "We hear you, gladly." in visitor.open(PAGE).text
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().name = "Larkspur and Sons"
    assert "Larkspur and Sons" in visitor.open(PAGE).text


def test_who_has_these_very_bytes_gets_none_until_something_changes(app: Flask, visitor: Visitor) -> None:
    opened = visitor.open(PAGE)
    assert opened.headers["Cache-Control"] == "no-cache"
    mine = {"If-None-Match": opened.headers["ETag"]}
    again = visitor.client.get(PAGE, headers=mine)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", opened.headers["ETag"])
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().postal_address = "2 Field Lane, Portland"
    assert visitor.client.get(PAGE, headers=mine).status_code == 200


def test_each_language_order_and_filter_is_its_own_page(visitor: Visitor) -> None:
    asked = ("", "?lang=de", "?lang=ar", "?sort=lowest", "?stars=5", "?lang=de&stars=5")
    first = [visitor.open(PAGE + one).text for one in asked]
    assert len(set(first)) == len(asked)
    assert [visitor.open(PAGE + one).text for one in asked] == first


def test_the_browsers_language_and_the_asked_one_do_not_mix(visitor: Visitor) -> None:
    by_browser = visitor.client.get(PAGE, headers={"Accept-Language": "de"})
    by_address = visitor.open(f"{PAGE}?lang=de")
    assert by_browser.headers["Content-Language"] == by_address.headers["Content-Language"] == "de"
    assert "Accept-Language" in by_browser.headers["Vary"]
    assert "lang=de" not in by_browser.text
    assert "lang=de" in by_address.text
    assert visitor.open(PAGE).headers["Content-Language"] == "en"


def test_a_language_nobody_speaks_is_not_carried_on(visitor: Visitor) -> None:
    assert "lang=xx" not in visitor.open(f"{PAGE}?lang=xx").text


def test_a_signed_in_merchant_and_a_stranger_read_the_same_bytes(app: Flask, visitor: Visitor) -> None:
    theirs = signed_in(app, "owner@larkspur.example").get(PAGE)
    mine = visitor.open(PAGE)
    assert theirs.data == mine.data
    assert b"csrf" not in mine.data
    assert "Set-Cookie" not in mine.headers


def test_made_up_keys_leave_nothing_behind(app: Flask, visitor: Visitor) -> None:
    kept: KeptPages = app.extensions["kept_pages"]
    for place in range(5):
        assert visitor.open(f"{PAGE}?after=key{place}&lang=x{place}").status_code == 200
    assert visitor.open(f"{PAGE}?utm_source=mail&lang=xx").status_code == 200
    assert len(kept) == 1


def test_the_pages_nobody_asks_for_make_room() -> None:
    pages = KeptPages(most_bytes=30)
    for name in ("first", "second", "third"):
        pages.keep(name, KeptPage("now", b"x" * 10, name))
    assert pages.find("first", "now") is not None
    pages.keep("fourth", KeptPage("now", b"x" * 10, "fourth"))
    assert pages.find("second", "now") is None
    assert pages.find("first", "now") is not None


def test_a_page_of_an_earlier_stamp_is_not_found_and_gives_its_room_back() -> None:
    pages = KeptPages(most_bytes=25)
    pages.keep("page", KeptPage("before", b"x" * 20, "a"))
    assert pages.find("page", "after") is None
    pages.keep("page", KeptPage("after", b"x" * 20, "b"))
    pages.keep("small", KeptPage("after", b"x" * 5, "c"))
    assert pages.find("page", "after") is not None


def test_a_page_larger_than_all_the_room_is_simply_not_kept() -> None:
    pages = KeptPages(most_bytes=10)
    pages.keep("page", KeptPage("now", b"x" * 11, "a"))
    assert pages.find("page", "now") is None
    assert len(pages) == 0
