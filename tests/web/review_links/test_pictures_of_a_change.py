"""However often a review is changed, it holds no more pictures than its store lets fit in one."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from reviews_app.db.database import session, transaction
from reviews_app.models.media import Media, MediaState
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from tests.factories.picture import make_picture
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Visitor, errors, typed
from tests.web.review_links.conftest import Link
from tests.web.review_links.reading import review

FULL = "2 pictures and videos fit in one review."


class Change:
    """The form of a review that holds two pictures, in a store where two fit."""

    def __init__(self, visitor: Visitor, link: Link, clock: FakeClock) -> None:
        self.client, self.url = visitor.client, f"{link.form()}/edit"
        review(visitor, link.form())
        with transaction() as writing:
            store = writing.get_one(Store, link.store)
            store.most_media = 2
            held = writing.scalars(select(Review)).one()
            for name in ("first", "second"):
                row = Media(store_id=store.id, form_id="form", name=name, byte_count=1, created_at=clock())
                row.review_id, row.enqueued_at, row.state = held.id, clock(), MediaState.READY
                writing.add(row)
        self.fields = typed(visitor.open(self.url))

    def drop(self, name: str = "first") -> tuple[str, str]:
        return "drop_picture", str(session().scalars(select(Media.id).where(Media.name == name)).one())

    def stage(self, key: str, *pairs: tuple[str, Any]) -> TestResponse:
        return self._post(f"{self.url}/pictures", ("photo_key", key), ("photo", photo(key)), *pairs)

    def save(self, *pairs: tuple[str, Any]) -> TestResponse:
        return self._post(self.url, *pairs)

    def _post(self, url: str, *pairs: tuple[str, Any]) -> TestResponse:
        given = [(name, value) for name, values in self.fields.items() for value in values]
        return self.client.post(url, data=MultiDict([*given, *pairs]))

    def published(self) -> int:
        session().rollback()
        return len(session().scalars(select(Review)).one().media)


def photo(name: str) -> tuple[BytesIO, str]:
    return BytesIO(make_picture()), f"{name}.jpg"


@pytest.fixture
def change(visitor: Visitor, link: Link, clock: FakeClock) -> Change:
    return Change(visitor, link, clock)


def test_a_full_review_takes_no_more(change: Change) -> None:
    answer = change.stage("key-aaaa")
    assert (answer.status_code, answer.json) == (422, {"error": FULL, "again": False})
    refused = change.save(("photos", photo("more")), ("body", "New words"))
    assert (refused.status_code, errors(refused)) == (422, [f"more.jpg: {FULL}"])
    assert change.published() == 2


def test_one_that_is_to_go_makes_room_for_another(change: Change) -> None:
    assert change.stage("key-aaaa", change.drop()).status_code == 200
    assert change.stage("key-bbbb", change.drop()).status_code == 422
    assert change.save(change.drop()).status_code == 303
    assert change.published() == 2


def test_without_script_too(change: Change) -> None:
    assert change.save(change.drop(), ("photos", photo("more"))).status_code == 303
    assert change.published() == 2


def test_one_that_stays_after_all_is_told_and_nothing_is_changed(change: Change) -> None:
    change.stage("key-aaaa", change.drop())
    refused = change.save(("photo_key", "key-aaaa"))
    assert (refused.status_code, errors(refused)) == (422, [FULL])
    assert ("key-aaaa.jpg" in refused.text, change.published()) == (True, 2)
    assert change.save(change.drop()).status_code == 303


def test_what_could_not_be_prepared_takes_no_place(change: Change) -> None:
    with transaction() as writing:
        writing.scalars(select(Media).where(Media.name == "first")).one().state = MediaState.FAILED
    assert change.stage("key-aaaa").status_code == 200
    assert change.save().status_code == 303


def test_words_can_be_changed_where_fewer_fit_than_there_are(change: Change, link: Link) -> None:
    with transaction() as writing:
        writing.get_one(Store, link.store).most_media = 1
    change.fields["body"] = ["New words"]
    assert change.save().status_code == 303
    assert change.published() == 2
