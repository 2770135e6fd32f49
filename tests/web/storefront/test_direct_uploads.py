"""Files that the page's script sends straight to the bucket: offered, sent there, looked at again here."""

from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from reviews_app.config import Limits, Settings
from reviews_app.db.database import session, transaction
from reviews_app.media.choose_keeper import choose_keeper
from reviews_app.media.storage import INCOMING, OPAQUE, RAW
from reviews_app.models.media import Media, MediaKind
from reviews_app.models.store import Store
from reviews_app.services.media_quotas import FILES_A_DAY, MIB
from reviews_app.services.stage_picture import KeptFile, PictureNotKept, Sent, Ticket
from reviews_app.services.tools import Tools
from reviews_app.web.limits import FLOODS, Floods
from reviews_app.web.review_form.pictures import added
from tests.factories.media import lying
from tests.factories.picture import make_picture
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.bucket import new_bucket
from tests.fakes.visitor import Visitor, typed

PRODUCT = "/stores/larkspur/products/ridge-daypack"
KEY = "key-aaaa"


@pytest.fixture
def settings(settings: Settings, s3_server: str) -> Settings:
    return settings.model_copy(update={"media_storage": new_bucket(s3_server, more="&direct=on")})


class Page:
    """A form in a browser, and what its script asks."""

    def __init__(self, app: Flask) -> None:
        self.visitor = Visitor(app.test_client())
        self.opened = self.visitor.open(f"{PRODUCT}/reviews/new")
        found = typed(self.opened)
        self.fields = {name: found[name][0] for name in ("csrf_token", "form_id")}

    def ask(self, **more: str) -> tuple[int, dict[str, Any]]:
        answer = self.visitor.client.post(f"{PRODUCT}/reviews/pictures", data=self.fields | {"photo_key": KEY} | more)
        return answer.status_code, answer.json or {}

    def offer(self, byte_count: int = 1000) -> dict[str, Any]:
        status, said = self.ask(offer=str(byte_count))
        assert status == 200
        offer: dict[str, Any] = said["offer"]
        return offer

    def finish(self, token: str, **more: str) -> tuple[int, dict[str, Any]]:
        return self.ask(offered=token, file_name="walk.jpg", **more)


@pytest.fixture
def page(app: Flask) -> Page:
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing))
    return Page(app)


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


def put(offer: dict[str, Any], raw: bytes) -> int:
    """As a browser does, straight to the bucket."""
    with requests.Session() as browser:
        browser.trust_env = False
        return browser.post(offer["url"], data=offer["fields"], files={"file": raw}, timeout=20).status_code


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(session().scalars(select(Media.name)))


def test_what_was_sent_to_the_bucket_becomes_a_picture_of_the_form(app: Flask, page: Page, tools: Tools) -> None:
    offer = page.offer()
    assert put(offer, make_picture()) in {200, 204}
    status, said = page.finish(offer["token"])
    assert (status, said["photo"]["key"], said["photo"]["name"]) == (200, KEY, "walk.jpg")
    [name] = names(app)
    assert list(lying(tools.storage.keeper)) == [RAW + name]


def test_what_the_row_is_called_nobody_was_told(app: Flask, page: Page) -> None:
    """So nobody can put anything else there once it was looked at."""
    offer = page.offer()
    put(offer, make_picture())
    page.finish(offer["token"])
    assert names(app) != [offer["fields"]["key"].removeprefix(INCOMING)]


def test_what_is_there_already_is_not_sent_again(app: Flask, page: Page) -> None:
    offer = page.offer()
    put(offer, make_picture())
    page.finish(offer["token"])
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().most_media = 1
    status, said = page.ask(offer="1000")
    assert (status, said["photo"]["key"], len(names(app))) == (200, KEY, 1)


def test_no_room_is_told_before_anything_is_sent_in_words_of_its_own(app: Flask, page: Page) -> None:
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().media_quota_mb = 2
    assert page.offer(MIB)
    status, said = page.ask(offer=str(MIB + 1), photo_key="key-bbbb")
    assert (status, said["error"]) == (
        422,
        "The shop has no room for more files just now. Your review can go without this one.",
    )
    assert page.ask(offer=str(MIB), photo_key="key-cccc")[0] == 200


def test_told_twice_it_is_there_once(app: Flask, page: Page) -> None:
    offer = page.offer()
    put(offer, make_picture())
    assert [page.finish(offer["token"])[0] for _ in range(3)] == [200, 200, 200]
    assert page.finish(offer["token"], photo_key="another-key")[0] == 422
    assert len(names(app)) == 1


def test_a_place_that_is_filled_again_gives_no_second_picture_and_keeps_the_first(
    app: Flask, page: Page, tools: Tools
) -> None:
    offer = page.offer()
    put(offer, make_picture())
    assert page.finish(offer["token"])[0] == 200
    put(offer, make_picture(colour=(0, 200, 0)))
    status, said = page.finish(offer["token"], photo_key="another-key")
    assert (status, said["again"]) == (422, True)
    [name] = names(app)
    with tools.storage.upload_as_file(name) as path:
        assert path is not None
        assert path.read_bytes() == make_picture()


def test_two_who_finish_one_offer_at_once_make_one_picture(app: Flask, page: Page, tools: Tools) -> None:
    offer = page.offer()
    put(offer, make_picture())
    assert page.finish(offer["token"])[0] == 200
    [name] = names(app)
    tools.storage.keeper.put(f"{RAW}late", [b"late"], OPAQUE)
    with app.test_request_context(), pytest.raises(PictureNotKept):
        store = session().scalars(select(Store)).one()
        late = Sent(page.fields["form_id"], "walk.jpg", Ticket("another-key"))
        offered = offer["fields"]["key"].removeprefix(INCOMING)
        added(store, late, KeptFile("late", MediaKind.IMAGE, 100, offered_as=offered))
    assert list(lying(tools.storage.keeper)) == [RAW + name]


def test_beyond_a_days_files_nothing_is_offered_and_our_own_door_counts(app: Flask, page: Page) -> None:
    app.extensions[FLOODS] = Floods(app.extensions["tools"].settings.model_copy(update={"limits": Limits.DEFAULT}))
    assert all(page.offer() for _ in range(FILES_A_DAY))
    assert page.ask(offer="1000") == (200, {"offer": None})
    page.visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert page.offer()


def test_the_offer_names_one_place_and_the_largest_size(page: Page) -> None:
    offer = page.offer()
    assert offer["fields"]["key"].startswith(INCOMING)
    assert len(offer["fields"]["key"]) == len(INCOMING) + 22
    assert {"policy", "x-amz-signature"} <= set(offer["fields"])
    assert page.offer()["fields"]["key"] == offer["fields"]["key"], "the same file again takes no second place"
    assert page.ask(offer="9", photo_key="key-bbbb")[1]["offer"]["fields"]["key"] != offer["fields"]["key"]


@pytest.mark.parametrize("raw", [b"<svg onload=alert(1)>" * 9, b"%PDF-1.7" * 9, b"x"])
def test_what_is_no_picture_is_refused_here_whatever_the_bucket_took(
    app: Flask, page: Page, tools: Tools, raw: bytes
) -> None:
    offer = page.offer()
    put(offer, raw)
    status, said = page.finish(offer["token"])
    assert (status, "not a picture" in said["error"]) == (422, True)
    assert (names(app), lying(tools.storage.keeper)) == ([], {})


def test_a_byte_too_many_is_refused_here_whatever_the_bucket_took(app: Flask, page: Page, tools: Tools) -> None:
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().most_picture_mb = 1
    offer = page.offer()
    put(offer, make_picture().ljust(MIB + 1, b"\0"))
    status, said = page.finish(offer["token"])
    assert (status, "larger than 1 MB" in said["error"]) == (422, True)
    assert (names(app), lying(tools.storage.keeper)) == ([], {})


def test_what_never_came_can_be_tried_again(app: Flask, page: Page) -> None:
    status, said = page.finish(page.offer()["token"])
    assert (status, said["again"]) == (422, True)
    assert names(app) == []


def test_another_form_cannot_take_what_was_offered_to_this_one(app: Flask, page: Page, tools: Tools) -> None:
    offer = page.offer()
    put(offer, make_picture())
    assert Page(app).finish(offer["token"])[0] == 422
    assert names(app) == []
    assert page.finish(offer["token"])[0] == 200


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "a" * 5000])
def test_a_token_nobody_signed_takes_nothing(app: Flask, page: Page, token: str) -> None:
    assert page.finish(token)[0] == 422
    assert names(app) == []


def test_the_token_of_a_form_id_opens_nothing_here(app: Flask, page: Page) -> None:
    assert page.finish(page.fields["form_id"])[0] == 422


def test_limits_are_told_before_anything_is_sent(app: Flask, page: Page) -> None:
    assert page.ask(offer=str(91 * MIB))[0] == 422
    assert page.ask(offer="-1")[0] == page.ask(offer="x")[0] == page.ask(offer="9" * 40)[0] == 200
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().most_media = 0
    status, said = page.ask(offer="1000")
    assert (status, "fit in one review" in said["error"]) == (422, True)


def test_overwriting_what_was_taken_changes_nothing(app: Flask, page: Page, tools: Tools) -> None:
    offer = page.offer()
    put(offer, make_picture())
    page.finish(offer["token"])
    put(offer, b"<script>" * 50)
    [name] = names(app)
    with tools.storage.upload_as_file(name) as path:
        assert path is not None
        assert path.read_bytes() == make_picture()


def test_the_page_may_send_to_the_bucket_and_nowhere_else(page: Page, s3_server: str) -> None:
    policy = page.opened.headers["Content-Security-Policy"]
    assert f"connect-src 'self' {s3_server};" in policy
    assert f"&#34;direct&#34;: &#34;{s3_server}&#34;" in page.opened.text


def test_without_the_word_in_the_setting_nothing_is_offered(app: Flask, page: Page, tools: Tools, bucket: str) -> None:
    tools.storage.keeper = choose_keeper(bucket, folder=Path())
    assert page.ask(offer="1000") == (200, {"offer": None})
