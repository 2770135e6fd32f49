from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from reviews_app.db.database import session, transaction
from reviews_app.media.keeper import StorageAway
from reviews_app.models.media import Media, MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.services.media_quotas import MIB
from tests.factories.picture import make_picture
from tests.factories.staged import MP4, make_ready
from tests.fakes.visitor import errors, typed
from tests.fakes.writer import FORM, GOOD, Writer

NO_PICTURE = "This is not a picture we can show. Send a JPEG, a HEIC or an MP4."


def change_store(app: Flask, **values: int) -> None:
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        for name, value in values.items():
            setattr(store, name, value)


def test_what_is_sent_comes_back_with_its_key_and_is_listed_in_order(writer: Writer) -> None:
    for key, place in (("key-bbbb", "1"), ("key-aaaa", "0")):
        answer = writer.send(key, place=place)
        assert (answer.status_code, (answer.json or {})["photo"]["key"]) == (200, key)
    assert [(one["key"], one["name"], one["is_ready"]) for one in writer.held()] == [
        ("key-aaaa", "key-aaaa.jpg", False),
        ("key-bbbb", "key-bbbb.jpg", False),
    ]


def test_sent_again_because_the_answer_was_lost_it_is_there_once(writer: Writer) -> None:
    for _ in range(3):
        assert writer.send("key-aaaa").status_code == 200
    assert len(writer.held()) == 1


def refusal(app: Flask, kind: str) -> bytes | None:
    """Make the store strict in one way; gives the file that is refused for it."""
    limits = {"large": {"most_picture_mb": 1}, "long": {"most_video_mb": 1}, "many": {"most_media": 0}}
    change_store(app, **(limits | {"full": {"media_quota_mb": 0}}).get(kind, {}))
    files = {"none": b"<svg/>", "large": make_picture() + b"\0" * MIB, "long": MP4 + b"\0" * MIB}
    return files.get(kind)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("none", NO_PICTURE),
        ("large", "This picture is larger than 1 MB. Send a smaller one."),
        ("long", "This video is larger than 1 MB. Send a shorter one."),
        ("many", "0 pictures and videos fit in one review."),
        ("full", "The shop has no room for more files just now. Your review can go without this one."),
    ],
)
def test_each_refusal_has_words_and_costs_the_rest_of_the_form_nothing(
    app: Flask, writer: Writer, kind: str, words: str
) -> None:
    raw = refusal(app, kind)
    answer = writer.send("key-aaaa", raw)
    assert (answer.status_code, answer.json) == (422, {"error": words, "again": False})
    file = (BytesIO(make_picture() if raw is None else raw), "bad.jpg")
    refused = writer.submit(("photos", file))
    assert (refused.status_code, errors(refused)) == (422, [f"bad.jpg: {words}"])
    assert typed(refused)["body"] == ["Carries well."]
    assert writer.submit().status_code == 303


def test_a_storage_that_is_away_asks_to_try_again(app: Flask, writer: Writer) -> None:
    keeper = app.extensions["tools"].storage.keeper
    put, keeper.put = keeper.put, _is_away
    answer = writer.send("key-aaaa")
    assert (answer.status_code, (answer.json or {})["again"]) == (422, True)
    assert (answer.json or {})["error"] == "It could not be stored just now. Try again in a minute."
    keeper.put = put
    assert writer.send("key-aaaa").status_code == 200


def _is_away(*_anything: object) -> None:
    raise StorageAway


@pytest.mark.parametrize("field", ["csrf_token", "form_id"])
def test_a_stale_page_is_told_that_the_form_takes_it_along(writer: Writer, field: str) -> None:
    answer = writer.ask(("photo", (BytesIO(make_picture()), "a.jpg")), **{field: "stale"})
    assert (answer.status_code, answer.json) == (422, {"error": "It will be sent with the form.", "stays": True})


def test_captions_and_the_order_are_kept_as_they_are_told(writer: Writer) -> None:
    for key in ("key-aaaa", "key-bbbb", "key-cccc"):
        writer.send(key)
    assert writer.ask(("photo_key", "key-bbbb"), ("photo_caption", " After\n rain ")).json == {"captioned": True}
    assert writer.ask(("photo_order", "key-cccc"), ("photo_order", "key-bbbb")).json == {"ordered": True}
    assert writer.ask(("remove_photo", "key-aaaa")).json == {"removed": True}
    assert [(one["key"], one["caption"]) for one in writer.held()] == [("key-cccc", ""), ("key-bbbb", "After rain")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * 205, "Up to 200 letters fit here. This is 5 too long."),
        ("nul\0", "This holds a character that cannot be shown. Type it once more."),
    ],
)
def test_a_caption_that_does_not_fit_is_refused_in_words_and_kept_as_typed(
    writer: Writer, text: str, words: str
) -> None:
    writer.send("key-aaaa")
    answer = writer.ask(("photo_key", "key-aaaa"), ("photo_caption", text))
    assert (answer.status_code, answer.json) == (422, {"error": words})
    refused = writer.submit(("photo_key", "key-aaaa"), ("photo_caption", text))
    assert (refused.status_code, errors(refused)) == (422, [words])
    assert text.replace("\0", "") in refused.text.replace("\0", "")
    assert [one["caption"] for one in writer.held()] == [""]


@pytest.mark.parametrize(
    "pairs",
    [
        [("photo_key", "../../etc"), ("photo_caption", "x")],
        [("photo_key", "x" * 5000), ("photo", (b"", "a.jpg"))],
        [("photo_order", "\0")] * 500,
        [("remove_photo", "' OR 1=1 --")],
        [("place", "-1")],
        [("photo_caption", "without a key")],
    ],
)
def test_nonsense_at_the_door_changes_nothing(writer: Writer, pairs: list[tuple[str, Any]]) -> None:
    writer.send("key-aaaa")
    made = [(name, (BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value) for name, value in pairs]
    assert writer.ask(*made).status_code in {200, 422}
    assert [(one["key"], one["caption"]) for one in writer.held()] == [("key-aaaa", "")]


@pytest.mark.parametrize("place", ["9" * 40, "-1", "1e9", "٣", "", "NaN"])
def test_a_place_nobody_counts_to_is_no_error(writer: Writer, place: str) -> None:
    assert writer.send("key-aaaa", place=place).status_code == 200


def test_what_could_not_be_prepared_is_told_while_the_form_is_still_open(app: Flask, writer: Writer) -> None:
    for key in ("key-aaaa", "key-bbbb"):
        writer.send(key)
    with app.app_context(), transaction() as writing:
        first, second = writing.scalars(select(Media).order_by(Media.position))
        first.state, first.trouble = MediaState.FAILED, MediaTrouble.TOO_LONG
        make_ready(second)
    first_shown, second_shown = writer.held()
    assert first_shown["words"] == "This video is longer than 60 seconds. Send a shorter one."
    assert (first_shown["preview"], second_shown["words"]) == ("", "")
    assert "-160.webp?until=" in second_shown["preview"]
    assert "longer than 60 seconds" in writer.submit(rating="").text


@pytest.mark.parametrize("trouble", [*MediaTrouble, None])
def test_every_failure_has_words(app: Flask, writer: Writer, trouble: MediaTrouble | None) -> None:
    writer.send("key-aaaa")
    with app.app_context(), transaction() as writing:
        row = writing.scalars(select(Media)).one()
        row.state, row.trouble = MediaState.FAILED, trouble
    assert len(writer.held()[0]["words"]) > 20


def test_a_form_that_was_sent_says_so_and_gives_nothing_back(writer: Writer) -> None:
    writer.send("key-aaaa")
    assert (writer.ask().json or {})["is_sent"] is False
    assert writer.submit().status_code == 303
    assert writer.ask().json == {"photos": [], "is_sent": True}


def test_without_script_words_and_order_go_with_the_form(app: Flask, writer: Writer) -> None:
    files = [("photos", (BytesIO(make_picture()), f"{number}.jpg")) for number in (1, 2)]
    refused = writer.submit(*files, rating="")
    assert (refused.status_code, "1.jpg" in refused.text, "2.jpg" in refused.text) == (422, True, True)
    one, two = (held["key"] for held in writer.held())
    moved = writer.submit(("photo_key", one), ("photo_caption", "First"), ("photo_key", two), ("photo_down", one))
    assert (moved.status_code, [held["key"] for held in writer.held()]) == (200, [two, one])
    assert typed(moved)["body"] == ["Carries well."]
    sent = writer.submit(("photo_key", two), ("photo_caption", "New"), ("photo_key", one), ("photo_caption", "First"))
    assert sent.status_code == 303
    with app.app_context():
        review = session().scalars(select(Review)).one()
        assert [(row.original_name, row.caption) for row in review.media] == [("2.jpg", "New"), ("1.jpg", "First")]


def test_what_the_line_dropped_goes_with_the_form_under_the_keys_it_has_on_the_page(app: Flask, writer: Writer) -> None:
    """The second one arrived, its answer did not: its file is in the field still, and it is not there twice."""
    writer.send("key-bbbb")
    keys = ("key-aaaa", "key-bbbb", "key-cccc")
    pairs: list[tuple[str, Any]] = [("photo_file", key) for key in keys]
    for key in keys:
        pairs += [("photo_key", key), ("photo_caption", f"Of {key}")]
    files = [("photos", (BytesIO(make_picture()), f"{key}.jpg")) for key in keys]
    change_store(app, most_media=3)
    assert writer.submit(*pairs, *files).status_code == 303
    with app.app_context():
        held = session().scalars(select(Media).order_by(Media.position)).all()
        assert [(row.upload_key, row.original_name, row.caption) for row in held] == [
            (key, f"{key}.jpg", f"Of {key}") for key in keys
        ]


def test_limits_are_the_stores_and_told_before_anything_is_chosen(app: Flask, writer: Writer) -> None:
    change_store(app, most_media=3, most_picture_mb=4, most_video_mb=20, most_video_seconds=15)
    page = writer.visitor.open(FORM).text
    assert "Up to 3 photos and videos. A photo may have 4 MB, a video 20 MB and 15 seconds." in page
    assert "Where they were taken is removed." in page
    told = page.replace("&#34;", "").replace("&quot;", "")
    for number in ("most: 3", f"picture_bytes: {4 * MIB}", f"video_bytes: {20 * MIB}", "seconds: 15"):
        assert number in told


def test_a_camera_may_be_chosen_and_is_never_forced(writer: Writer) -> None:
    page = writer.visitor.open(FORM).text
    field = page[page.index('type="file"') - 200 : page.index('type="file"') + 200]
    assert 'accept="image/*,video/*"' in field
    assert "capture" not in page


@pytest.mark.parametrize("elsewhere", [{}, {"Origin": "https://foreign.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_stale_token_costs_no_picture_but_a_foreign_page_leaves_none(
    writer: Writer, elsewhere: dict[str, str]
) -> None:
    photo = (BytesIO(make_picture()), "a.jpg")
    sent = MultiDict([*(writer.fields | GOOD | {"csrf_token": "stale"}).items(), ("photos", photo)])
    answer = writer.visitor.client.post(FORM, data=sent, headers=elsewhere)
    assert answer.status_code == 422
    assert len(writer.held()) == (0 if elsewhere else 1)
    again = writer.visitor.client.post(FORM, data=typed(answer))
    assert again.status_code == 303
    with writer.app.app_context():
        [review] = session().scalars(select(Review)).all()
        assert len(review.media) == (0 if elsewhere else 1)
