"""What a shopper removed is never published, and what a busy database did not take costs no word."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from reviews_app.config import Limits, Settings
from reviews_app.db.database import session, transaction
from reviews_app.models.media import Media, MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.services.media_quotas import FILES_A_DAY
from reviews_app.web.limits import FILES, FLOODS, Floods
from reviews_app.web.review_form.sender import sender_key
from tests.factories.picture import make_picture
from tests.fakes.busy_database import busy_database
from tests.fakes.meanwhile import Meanwhile
from tests.fakes.visitor import errors, typed
from tests.fakes.writer import FORM, Writer

KEYS = ("key-aaaa", "key-bbbb")
GONE = ("photo_gone", "key-aaaa")


def published(app: Flask) -> list[str]:
    with app.app_context():
        return [row.upload_key for row in session().scalars(select(Review)).one().media]


def reviews(app: Flask) -> int:
    with app.app_context():
        return len(session().scalars(select(Review)).all())


def photo(name: str) -> tuple[str, Any]:
    return "photos", (BytesIO(make_picture()), name)


def send_again(writer: Writer, refused: TestResponse) -> TestResponse:
    return writer.visitor.client.post(FORM, data=typed(refused))


@pytest.fixture
def two(writer: Writer) -> Writer:
    """Two pictures are there."""
    for key in KEYS:
        writer.send(key)
    return writer


def test_a_picture_removed_while_nothing_got_through_is_not_published(app: Flask, two: Writer) -> None:
    assert two.submit(("photo_key", "key-bbbb"), GONE).status_code == 303
    assert published(app) == ["key-bbbb"]


def test_a_removed_one_makes_room_for_the_one_sent_in_its_place(app: Flask, two: Writer) -> None:
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().most_media = 2
    assert two.send("key-cccc").status_code == 422
    assert two.submit(GONE, ("photo_file", "key-cccc"), photo("c.jpg")).status_code == 303
    assert published(app) == ["key-bbbb", "key-cccc"]


def test_whatever_the_page_asks_next_tells_what_was_removed(two: Writer) -> None:
    assert [one["key"] for one in (two.ask(GONE).json or {})["photos"]] == ["key-bbbb"]


def test_one_that_arrives_after_it_was_removed_is_not_published(app: Flask, two: Writer) -> None:
    """The form came back for a star that was missing; then the file got through that nobody waited for any more."""
    held = typed(two.submit(("photo_gone", "key-late"), rating=""))
    two.send("key-late")
    assert held["photo_gone"] == ["key-late"]
    assert two.visitor.client.post(FORM, data=held | {"rating": "5"}).status_code == 303
    assert sorted(published(app)) == list(KEYS)


def test_one_that_arrives_while_its_form_is_being_saved_is_not_published(
    app: Flask, two: Writer, settings: Settings
) -> None:
    """What was removed is read first; another file of the form is kept; meanwhile the removed one gets through."""
    app.extensions["tools"].storage.keeper = Meanwhile(settings.data_dir, lambda: two.send("key-late"))
    assert two.submit(("photo_gone", "key-late"), ("photo_file", "key-cccc"), photo("c.jpg")).status_code == 303
    assert sorted(published(app)) == [*KEYS, "key-cccc"]
    assert two.held() == []


@pytest.mark.parametrize("key", ["", "x", "' OR 1=1 --", "key-aaaa\0", "key-" + "a" * 5000, "key-nobody"])
def test_a_key_that_is_none_removes_nothing(app: Flask, two: Writer, key: str) -> None:
    assert two.submit(("photo_gone", key)).status_code == 303
    assert published(app) == list(KEYS)


def test_nobody_removes_what_another_form_holds(app: Flask, two: Writer) -> None:
    held = typed(two.visitor.open(FORM))
    other = Writer(app, two.visitor, {name: held[name][0] for name in ("csrf_token", "form_id")})
    assert other.submit(GONE, email="bo@example.com").status_code == 303
    assert [one["key"] for one in two.held()] == list(KEYS)


def test_what_could_not_be_read_takes_no_place_and_can_be_removed(app: Flask, two: Writer) -> None:
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().most_media = 2
        row = writing.scalars(select(Media).where(Media.upload_key == "key-aaaa")).one()
        row.state, row.trouble = MediaState.FAILED, MediaTrouble.BROKEN
    assert two.send("key-cccc").status_code == 200
    assert two.send("key-dddd").status_code == 422
    assert two.submit(GONE).status_code == 303
    assert published(app) == ["key-bbbb", "key-cccc"]


def test_taking_back_makes_no_room_in_a_persons_day(app: Flask, writer: Writer, settings: Settings) -> None:
    """Rows of what was taken back go: a flood would be worked on for ever, one file after the other."""
    floods = app.extensions[FLOODS] = Floods(settings.model_copy(update={"limits": Limits.DEFAULT}))
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        somebody = sender_key(session().scalars(select(Store)).one())
    for _ in range(2 * FILES_A_DAY - 1):
        assert floods.has_room(FILES, "files", somebody)
    assert writer.send("key-aaaa").status_code == 200
    assert writer.send("key-aaaa").status_code == 200, "the same file again is no other"
    writer.ask(("remove_photo", "key-aaaa"))
    answer = writer.send("key-bbbb")
    assert (answer.status_code, "No more files are taken from you today" in (answer.json or {})["error"]) == (422, True)
    assert writer.submit().status_code == 303


def test_a_busy_database_costs_no_word_beneath_pictures_that_are_there(app: Flask, two: Writer) -> None:
    with busy_database():
        answer = two.submit(("photo_key", "key-aaaa"), ("photo_caption", "After the rain"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The shop is very busy. Nothing is lost" in answer.text
    assert (typed(answer)["body"], "After the rain" in answer.text) == (["Carries well."], True)
    assert (reviews(app), send_again(two, answer).status_code) == (0, 303)
    assert sorted(published(app)) == list(KEYS)


def test_a_busy_database_brings_no_removed_picture_back(app: Flask, two: Writer) -> None:
    with busy_database():
        answer = two.submit(GONE)
    assert (answer.status_code, typed(answer)["photo_gone"]) == (503, ["key-aaaa"])
    assert send_again(two, answer).status_code == 303
    assert published(app) == ["key-bbbb"]


def test_files_a_busy_database_did_not_take_are_named(app: Flask, writer: Writer) -> None:
    notes = ("photos", (BytesIO(b"no picture"), "notes.txt"))
    with busy_database():
        answer = writer.submit(notes, photo("a.jpg"), photo("b.jpg"))
    assert answer.status_code == 503
    assert "Your words are kept: wait a moment, choose the files below again" in answer.text
    assert errors(answer) == [
        "notes.txt: This is not a picture we can show. Send a JPEG, a HEIC or an MP4.",
        "a.jpg: It could not be stored just now. Try again in a minute.",
        "b.jpg: It could not be stored just now. Try again in a minute.",
    ]
    assert (typed(answer)["body"], send_again(writer, answer).status_code) == (["Carries well."], 303)


def test_a_button_pressed_at_a_busy_database_costs_no_word(two: Writer) -> None:
    with busy_database():
        answer = two.submit(("remove_photo", "key-aaaa"))
    assert (answer.status_code, typed(answer)["body"]) == (503, ["Carries well."])
    assert [one["key"] for one in two.held()] == list(KEYS)
