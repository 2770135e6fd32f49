"""What leaves the media address, and to whom."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.models.media import Media, MediaKind, MediaState
from reviews_app.models.product import ProductPicture
from reviews_app.models.review import RejectionReason, Review
from reviews_app.models.store import Publishing, Store
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.erase_person import erase_person
from reviews_app.services.let_go_of_media import let_go_of_media
from reviews_app.services.tools import Tools
from tests.factories.media import VIDEO, make_media
from tests.factories.picture import make_picture
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


class Shown:
    """A picture of a review, its addresses, and whoever opens them."""

    def __init__(self, app: Flask, tools: Tools, row: Media) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.name = row.name
        self.open = urlsplit(tools.addresses.picture(row.name, 640)).path
        self.for_good = self._path(tools.addresses.keyed_picture(row, 640))
        until = int((tools.clock() + timedelta(hours=1)).timestamp())
        self.for_an_hour = self._path(tools.addresses.keyed_picture(row, 640, until))

    @staticmethod
    def _path(address: str) -> str:
        parts = urlsplit(address)
        return f"{parts.path}?{parts.query}"

    def statuses(self) -> tuple[int, ...]:
        """Of the open address, the lasting one and the one for an hour."""
        return tuple(self.client.get(url).status_code for url in (self.open, self.for_good, self.for_an_hour))


Hang = Callable[..., Shown]


@pytest.fixture
def hang(app: Flask, tools: Tools) -> Hang:
    """A picture of a review that waits, or of one that shows."""

    def make(*, publishing: Publishing = Publishing.AT_ONCE, state: MediaState = MediaState.READY) -> Shown:
        with app.app_context(), transaction() as writing:
            store = make_store(writing, publishing=publishing)
            review = leave_review(writing, store, make_product(writing, store), email="ann@example.com")
            row = make_media(writing, store, review, state=state, storage=tools.storage)
            return Shown(app, tools, row)

    return make


def change(app: Flask, how: Callable[[Store, Review, Media], object]) -> None:
    with app.app_context(), transaction() as writing:
        store, review = writing.scalars(select(Store)).one(), writing.scalars(select(Review)).one()
        how(store, review, writing.scalars(select(Media)).one())


def test_a_published_picture_is_everybodys_and_kept_for_a_year(hang: Hang) -> None:
    shown = hang()
    answer = shown.client.get(shown.open)
    assert (answer.status_code, answer.content_type) == (200, "image/webp")
    assert answer.cache_control.immutable
    assert answer.cache_control.public
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Content-Disposition" not in answer.headers


def test_a_waiting_picture_opens_to_a_key_alone_and_is_not_kept(hang: Hang) -> None:
    shown = hang(publishing=Publishing.HOLD_ALL)
    assert shown.statuses() == (404, 200, 200)
    answer = shown.client.get(shown.for_good)
    assert answer.cache_control.private
    assert not answer.cache_control.immutable
    assert (answer.cache_control.max_age or 0) <= 300
    assert shown.client.get(shown.open).headers["Cache-Control"] == "no-store"


def test_the_open_address_opens_and_closes_with_the_review(app: Flask, hang: Hang, tools: Tools) -> None:
    shown = hang(publishing=Publishing.HOLD_ALL)
    change(app, lambda _store, review, _row: review.publish(tools.clock()))
    assert shown.statuses() == (200, 200, 200)
    change(app, lambda _store, review, _row: review.reject(RejectionReason.SPAM, tools.clock()))
    assert shown.statuses() == (404, 200, 200)


def test_a_key_with_an_end_ends(hang: Hang, clock: FakeClock) -> None:
    shown = hang(publishing=Publishing.HOLD_ALL)
    clock.advance(minutes=59)
    assert shown.statuses() == (404, 200, 200)
    clock.advance(minutes=2)
    assert shown.statuses() == (404, 200, 404)


def test_a_lasting_key_holds_for_years_unless_the_store_sets_a_term(app: Flask, hang: Hang, clock: FakeClock) -> None:
    shown = hang(publishing=Publishing.HOLD_ALL)
    clock.advance(days=3650)
    assert shown.client.get(shown.for_good).status_code == 200
    change(app, lambda store, _review, _row: setattr(store, "media_link_days", 3651))
    assert shown.client.get(shown.for_good).status_code == 200
    clock.advance(days=1)
    assert shown.client.get(shown.for_good).status_code == 404


def test_no_address_opens_what_was_let_go_or_erased(app: Flask, hang: Hang) -> None:
    shown = hang()
    change(app, lambda _store, _review, row: let_go_of_media([row]))
    assert shown.statuses() == (404, 404, 404)


def test_erasing_a_person_closes_every_address_of_their_pictures(app: Flask, hang: Hang, tools: Tools) -> None:
    shown = hang()
    with app.app_context(), transaction() as writing:
        erase_person(writing, writing.scalars(select(Store)).one(), "ann@example.com", clock=tools.clock)
    assert shown.statuses() == (404, 404, 404)


@pytest.mark.parametrize(
    "query", ["", "?key=", "?key=x", "?key=%ff", "?until=1&key=x", "?until=9999999999999999&key=x", "?until=-1&key=x"]
)
def test_no_word_that_is_no_key_opens(hang: Hang, query: str) -> None:
    shown = hang(publishing=Publishing.HOLD_ALL)
    assert shown.client.get(f"{shown.open}{query}").status_code in {400, 404}


def test_a_key_of_one_picture_opens_no_other(app: Flask, hang: Hang, tools: Tools) -> None:
    shown = hang(publishing=Publishing.HOLD_ALL)
    with app.app_context(), transaction() as writing:
        store, review = writing.scalars(select(Store)).one(), writing.scalars(select(Review)).one()
        other = make_media(writing, store, review, storage=tools.storage).name
    key = shown.for_good.partition("?")[2]
    assert shown.client.get(f"/media/{other}-640.webp?{key}").status_code == 404


def test_a_longer_time_than_the_keys_own_does_not_open(hang: Hang) -> None:
    shown = hang(publishing=Publishing.HOLD_ALL)
    longer = shown.for_an_hour.replace("until=1", "until=2")
    assert longer != shown.for_an_hour
    assert shown.client.get(longer).status_code == 404


def test_what_is_in_work_says_when_to_come_back_but_only_to_who_may_see_it(hang: Hang, app: Flask) -> None:
    shown = hang(state=MediaState.UPLOADED)
    answer = shown.client.get(shown.open)
    assert (answer.status_code, answer.headers["Retry-After"]) == (404, "3")
    assert answer.headers["Cache-Control"] == "no-store"
    change(app, lambda _store, review, _row: review.reject(RejectionReason.SPAM, review.created_at))
    assert "Retry-After" not in shown.client.get(shown.open).headers
    assert shown.client.get(shown.for_good).headers["Retry-After"] == "3"


def test_what_failed_is_simply_not_there(hang: Hang) -> None:
    shown = hang(state=MediaState.FAILED)
    answer = shown.client.get(shown.open)
    assert (answer.status_code, "Retry-After" in answer.headers) == (404, False)


@pytest.fixture
def video(app: Flask, tools: Tools) -> str:
    """The path of one."""
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        review = leave_review(writing, store, make_product(writing, store))
        row = make_media(writing, store, review, storage=tools.storage, kind=MediaKind.VIDEO)
        return urlsplit(tools.addresses.video(row.name)).path


@pytest.mark.parametrize("wanted", ["items=0-5", "bytes=0-1,4-5", "bytes=5-2", "nonsense", "bytes"])
def test_a_range_nobody_understands_gets_all_of_it(app: Flask, video: str, wanted: str) -> None:
    answer = app.test_client().get(video, headers={"Range": wanted})
    assert (answer.status_code, answer.data, "Content-Range" in answer.headers) == (200, VIDEO, False)


def test_a_part_beyond_the_end_is_told_where_the_end_is_and_no_cache_keeps_it(app: Flask, video: str) -> None:
    answer = app.test_client().get(video, headers={"Range": "bytes=999999-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(VIDEO)}")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("same", "status"), [("{tag}", 206), ('"another"', 200), ("Sat, 28 Nov 2026 10:00:00 GMT", 200)]
)
def test_a_part_of_another_file_is_never_given_for_one_of_this(app: Flask, video: str, same: str, status: int) -> None:
    client = app.test_client()
    tag = client.get(video).headers["ETag"]
    answer = client.get(video, headers={"Range": "bytes=10-19", "If-Range": same.format(tag=tag)})
    assert (answer.status_code, answer.data) == (status, VIDEO[10:20] if status == 206 else VIDEO)


def test_a_player_gets_the_part_it_asks_for(app: Flask, video: str) -> None:
    client, path = app.test_client(), video
    part = client.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data, part.content_type) == (206, VIDEO[10:20], "video/mp4")
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(VIDEO)}"
    assert client.get(path, headers={"Range": "bytes=999999-"}).status_code == 416
    assert client.get(path).data == VIDEO
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_products_pictures_are_everybodys(app: Flask, tools: Tools) -> None:
    name = "p" * 22
    tools.storage.keep_served(name, "640.webp", [make_picture("WEBP")])
    client = app.test_client()
    assert client.get(f"/media/{name}-640.webp").status_code == 404
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        product = make_product(writing, store)
        product.pictures.append(
            ProductPicture(store_id=store.id, product_id=product.id, name=name, width=64, height=48)
        )
    assert client.get(f"/media/{name}-640.webp").status_code == 200


@pytest.mark.parametrize(
    "name",
    ["x", "..%2fsecrets", "uploads", "%00", "a" * 300, f"{'a' * 22}-640.html", f"{'a' * 22}-video.mp4%0d%0aX: y"],
)
def test_other_names_are_not_there(app: Flask, name: str) -> None:
    answer = app.test_client().get(f"/media/{name}")
    assert answer.status_code in {400, 404}
    assert "X" not in answer.headers


class TestAHostOfItsOwn:
    @pytest.fixture
    def settings(self, settings):  # type: ignore[no-untyped-def]
        return settings.model_copy(update={"media_url": "http://media.test/m"})

    def test_it_shows_pictures_and_nothing_else(self, app: Flask, hang: Hang) -> None:
        shown = hang()
        there = app.test_client()
        host = "http://media.test"
        assert there.get(f"/m/{shown.name}-640.webp", base_url=host).status_code == 200
        for path in ("/", "/merchant", "/stores/larkspur", "/health/live", f"/{shown.name}-640.webp", "/m/"):
            assert there.get(path, base_url=host).status_code == 404, path
        assert there.get("/stores/larkspur").status_code == 200

    def test_pages_may_load_from_it(self, app: Flask, hang: Hang) -> None:
        hang()
        policy = app.test_client().get("/stores/larkspur").headers["Content-Security-Policy"]
        assert "media.test" in policy


def test_a_decision_of_the_merchant_is_what_opens(app: Flask, hang: Hang, tools: Tools) -> None:
    shown = hang(publishing=Publishing.HOLD_ALL)
    with app.app_context(), transaction() as writing:
        publish_review(writing, writing.scalars(select(Review)).one(), clock=tools.clock)
    assert shown.statuses() == (200, 200, 200)
    with app.app_context(), transaction() as writing:
        reject_review(writing, writing.scalars(select(Review)).one(), reason=RejectionReason.SPAM, clock=tools.clock)
    assert shown.statuses() == (404, 200, 200)
