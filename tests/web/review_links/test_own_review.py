from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.database import session, transaction
from reviews_app.models.media import Media
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.review_version import ReviewVersion
from reviews_app.models.store import Publishing, Store
from tests.factories.order import make_order
from tests.factories.review_request import make_link
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Visitor, errors, typed
from tests.web.review_links.conftest import Link
from tests.web.review_links.reading import review, words

Count = Callable[[type], int]


def the_review() -> Review:
    session().rollback()
    return session().scalars(select(Review)).one()


def delete(visitor: Visitor, url: str) -> int:
    held = typed(visitor.open(f"{url}/delete"))
    return visitor.client.post(f"{url}/delete", data={"csrf_token": held["csrf_token"]}).status_code


@contextmanager
def written(store: Link) -> Iterator[tuple[Session, Store]]:
    with transaction() as writing:
        yield writing, writing.get_one(Store, store.store)


def test_the_edit_form_holds_the_review_as_it_was_left(visitor: Visitor, link: Link) -> None:
    told = {"rating": "2", "title": "So <so>", "recommended": "no", "display_name": "Mo", "country": "FR"}
    review(visitor, link.form(), name="Mo Reed", **told)
    page = visitor.open(f"{link.form()}/edit")
    held = typed(page)
    assert {name: held[name][0] for name in told} == told
    assert (held["body"], held["name"], held["email"]) == (
        ["It does what I bought it for."],
        ["Mo Reed"],
        ["morgan@example.com"],
    )
    assert "Save the changes" in words(page)


def test_a_cleared_answer_is_gone(visitor: Visitor, link: Link) -> None:
    review(visitor, link.form(), recommended="yes")
    held = typed(visitor.open(f"{link.form()}/edit"))
    assert held.pop("recommended") == ["yes"]
    assert visitor.client.post(f"{link.form()}/edit", data=held).status_code == 303
    assert the_review().is_recommended is None


def test_words_typed_into_a_change_outlive_the_link(visitor: Visitor, link: Link, clock: FakeClock) -> None:
    review(visitor, link.form())
    held = typed(visitor.open(f"{link.form()}/edit"))
    clock.advance(days=91)
    answer = visitor.client.post(f"{link.form()}/edit", data=held | {"body": "A seam opened."})
    assert answer.status_code == 410
    assert "A seam opened.</textarea>" in answer.text


def test_a_change_is_saved_and_shown_as_edited_to_everybody(visitor: Visitor, link: Link, clock: FakeClock) -> None:
    review(visitor, link.form())
    clock.advance(days=4)
    answer = visitor.send(f"{link.form()}/edit", rating="3", body="A seam opened.")
    assert (answer.status_code, answer.location) == (303, f"{link.form()}?said={link.pack}")
    page = words(visitor.open(answer.location))
    assert "Your review is changed. Thank you." in page
    shown = words(visitor.open("/stores/larkspur/products/pack"))
    assert "A seam opened." in shown
    assert "November 23, 2026" in shown
    assert "Edited November 27, 2026" in shown


def test_an_unchanged_review_is_not_called_edited(visitor: Visitor, link: Link, count: Count) -> None:
    review(visitor, link.form())
    assert visitor.send(f"{link.form()}/edit").status_code == 303
    assert (the_review().edited_at, count(ReviewVersion)) == (None, 0)
    assert "Edited" not in words(visitor.open("/stores/larkspur/products/pack"))


def test_an_edit_sent_twice_keeps_the_earlier_words_once(visitor: Visitor, link: Link, count: Count) -> None:
    review(visitor, link.form())
    values = typed(visitor.open(f"{link.form()}/edit")) | {"body": "A seam opened."}
    answers = [visitor.client.post(f"{link.form()}/edit", data=values).status_code for _ in range(3)]
    assert (answers, count(ReviewVersion), count(Review)) == ([303] * 3, 1, 1)


def test_a_refused_edit_keeps_what_was_typed_and_the_review_as_it_was(visitor: Visitor, link: Link) -> None:
    review(visitor, link.form())
    answer = visitor.send(f"{link.form()}/edit", body=" ", title="New title")
    assert answer.status_code == 422
    assert "Write a few words about it." in errors(answer)
    assert typed(answer)["title"] == ["New title"]
    assert the_review().body == "It does what I bought it for."


def test_an_edit_needs_the_pages_own_token(visitor: Visitor, link: Link) -> None:
    review(visitor, link.form())
    answer = visitor.send(f"{link.form()}/edit", body="Forged", csrf_token="x")
    assert answer.status_code == 422
    assert the_review().body == "It does what I bought it for."


def test_an_edit_cannot_reach_what_the_form_does_not_ask(visitor: Visitor, link: Link) -> None:
    review(visitor, link.form())
    before = the_review()
    kept = (before.id, before.state, before.is_verified, before.created_at, before.email, before.source)
    forged = {"is_verified": "", "state": "rejected", "created_at": "2020-01-01", "id": "x", "source": "button"}
    visitor.send(f"{link.form()}/edit", body="New words", email="other@example.com", **forged)
    after = the_review()
    assert kept == (after.id, after.state, after.is_verified, after.created_at, after.email, after.source)


def test_pictures_of_the_review_can_be_taken_away(visitor: Visitor, link: Link, clock: FakeClock) -> None:
    review(visitor, link.form())
    with written(link) as (writing, store):
        row = writing.scalars(select(Review)).one()
        names = ("a" * 22, "b" * 22)
        for name in names:
            media = Media(store_id=store.id, form_id="form", name=name, byte_count=1, created_at=clock())
            media.review_id, media.enqueued_at = row.id, clock()
            writing.add(media)
    page = visitor.open(f"{link.form()}/edit")
    assert "Remove picture 2" in words(page)
    first = session().scalars(select(Media.id).where(Media.name == names[0])).one()
    visitor.send(f"{link.form()}/edit", drop_picture=[str(first), "nonsense", str(link.pack)])
    assert [one.name for one in the_review().media] == [names[1]]
    assert the_review().edited_at == clock()


def test_where_the_store_reads_everything_an_edit_says_that_it_waits(visitor: Visitor, link: Link) -> None:
    review(visitor, link.form())
    with written(link) as (_writing, store):
        store.publishing = Publishing.HOLD_ALL
    assert "It appears once Larkspur has read it." in words(visitor.open(f"{link.form()}/edit"))
    answer = visitor.send(f"{link.form()}/edit", body="New words")
    assert "It appears once Larkspur has read it." in words(visitor.open(answer.location))
    assert the_review().state is ReviewState.PENDING


def test_deleting_asks_first_and_then_leaves_nothing(visitor: Visitor, link: Link) -> None:
    review(visitor, link.form(), title="Quite good")
    question = words(visitor.open(f"{link.form()}/delete"))
    assert "Delete your review of Pack?" in question
    assert "Quite good" in question
    assert the_review().body
    assert delete(visitor, link.form()) == 303
    assert (the_review().body, the_review().state) == ("", ReviewState.WITHDRAWN)
    assert "Quite good" not in visitor.open("/stores/larkspur/products/pack").text


def test_after_deleting_the_link_says_so_and_takes_no_other(visitor: Visitor, link: Link, count: Count) -> None:
    opened = typed(visitor.open(link.form()))
    review(visitor, link.form())
    delete(visitor, link.form())
    assert "Your review of Pack is deleted." in words(visitor.open(f"{link.order}?said={link.pack}"))
    page = visitor.open(link.form())
    assert "You deleted your review" in words(page)
    assert 'name="body"' not in page.text
    assert visitor.client.post(link.form(), data=opened | {"rating": "1", "body": "Again"}).status_code == 410
    assert "0 of 2 done" in words(visitor.open(link.order))
    assert count(Review) == 1


def test_deleting_needs_the_pages_own_token(visitor: Visitor, link: Link) -> None:
    review(visitor, link.form())
    assert visitor.client.post(f"{link.form()}/delete", data={}).status_code == 422
    assert the_review().state is ReviewState.PUBLISHED


@pytest.mark.parametrize("door", ["edit", "delete"])
def test_there_is_nothing_to_change_before_a_review_or_for_another_product(
    visitor: Visitor, link: Link, door: str
) -> None:
    for url in (link.form(), link.form(link.elsewhere), f"/r/{'x' * 22}/{link.pack}"):
        assert visitor.open(f"{url}/{door}").status_code == 404
        assert visitor.client.post(f"{url}/{door}", data={}).status_code == 404


@pytest.mark.parametrize("door", ["edit", "delete"])
def test_after_the_link_ran_out_nothing_changes_any_more(
    visitor: Visitor, link: Link, clock: FakeClock, door: str
) -> None:
    review(visitor, link.form())
    values = typed(visitor.open(f"{link.form()}/{door}")) | {"body": "Too late"}
    clock.advance(days=90)
    assert visitor.open(f"{link.form()}/{door}").status_code == 410
    assert visitor.client.post(f"{link.form()}/{door}", data=values).status_code == 410
    assert the_review().body == "It does what I bought it for."


def test_somebody_elses_link_opens_no_edit_of_mine(app: Flask, visitor: Visitor, link: Link) -> None:
    review(visitor, link.form())
    with written(link) as (writing, store):
        mine = writing.scalars(select(Review)).one()
        theirs = make_order(writing, store, mine.product, email="kim@example.com", number="#9")
        _, token = make_link(writing, theirs, store=store, tools=app.extensions["tools"])
    for door in ("edit", "delete"):
        assert visitor.open(f"/r/{token}/{link.pack}/{door}").status_code == 404
