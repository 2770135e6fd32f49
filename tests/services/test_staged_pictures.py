from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import Ring, take_rings
from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.db.job_names import JobName
from reviews_app.models.media import LET_GO, Media, MediaKind
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.services.media_quotas import FILES_A_DAY, MIB
from reviews_app.services.stage_picture import (
    NotAPicture,
    PictureNotTaken,
    PictureTooLarge,
    QuotaReached,
    StoreFull,
    TooManyPictures,
    VideoTooLarge,
    stage_picture,
)
from reviews_app.services.staged_pictures import (
    MOST_CAPTION,
    caption_staged,
    move_staged,
    order_staged,
    remove_staged,
    staged_pictures,
)
from reviews_app.services.submit_review import take_pictures
from reviews_app.services.tools import Tools
from tests.factories.picture import make_picture
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.staged import FORM_ID, MP4, make_staged
from tests.factories.store import make_store
from tests.fakes.two_people import two_at_once


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def store(session: Session) -> Store:
    return make_store(session)


def keys(session: Session, store: Store, form_id: str = FORM_ID) -> list[str]:
    return [row.upload_key for row in staged_pictures(session, store, form_id)]


def stage(session: Session, store: Store, tools: Tools, *names: str) -> list[Media]:
    return [make_staged(session, store, tools, key=f"key-{name}") for name in names]


def test_the_same_file_sent_again_after_a_lost_answer_is_one(session: Session, store: Store, tools: Tools) -> None:
    first = make_staged(session, store, tools, key="key-a")
    again = make_staged(session, store, tools, key="key-a", raw=b"half of it was lost")
    assert (again.id, keys(session, store)) == (first.id, ["key-a"])


def test_sent_again_when_its_review_is_there_it_makes_no_second_one(
    session: Session, store: Store, tools: Tools
) -> None:
    first = make_staged(session, store, tools, key="key-a")
    review = leave_review(session, store, make_product(session, store), form_id=FORM_ID)
    assert make_staged(session, store, tools, key="key-a").id == first.id
    assert [one.id for one in session.scalars(select(Media).where(Media.review_id == review.id))] == [first.id]


def test_the_same_key_in_another_form_or_store_is_another_file(session: Session, store: Store, tools: Tools) -> None:
    other = make_store(session, "juniper")
    rows = [
        make_staged(session, store, tools, key="key-a"),
        make_staged(session, store, tools, key="key-a", form_id="form-2"),
        make_staged(session, other, tools, key="key-a"),
    ]
    assert len({row.id for row in rows}) == 3


def test_pictures_stand_where_the_page_says_whichever_arrives_first(
    session: Session, store: Store, tools: Tools
) -> None:
    for key, place in (("key-c", 2), ("key-a", 0), ("key-b", 1)):
        make_staged(session, store, tools, key=key, place=place)
    assert keys(session, store) == ["key-a", "key-b", "key-c"]
    make_staged(session, store, tools, key="key-d")
    assert keys(session, store)[-1] == "key-d"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["key-c", "key-a", "key-b"], "cab"),
        (["key-c"], "cab"),
        (["key-b", "nobody", "key-a"], "bac"),
        ([], "abc"),
    ],
)
def test_an_order_names_some_and_the_rest_follows(
    session: Session, store: Store, tools: Tools, asked: list[str], expected: str
) -> None:
    stage(session, store, tools, *"abc")
    order_staged(session, store, form_id=FORM_ID, upload_keys=asked)
    session.flush()
    assert keys(session, store) == [f"key-{name}" for name in expected]


@pytest.mark.parametrize(
    ("key", "step", "expected"),
    [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc"), ("x", 1, "abc")],
)
def test_one_place_up_or_down_and_at_the_end_it_stays(
    session: Session, store: Store, tools: Tools, key: str, step: int, expected: str
) -> None:
    stage(session, store, tools, *"abc")
    move_staged(session, store, form_id=FORM_ID, upload_key=f"key-{key}", step=step)
    session.flush()
    assert keys(session, store) == [f"key-{name}" for name in expected]


def test_a_caption_is_one_line_of_two_hundred_letters(session: Session, store: Store, tools: Tools) -> None:
    row, other = stage(session, store, tools, "a", "b")
    words = " After\r\n one  winter e\u0301 " + "x" * 300
    caption_staged(session, store, form_id=FORM_ID, captions={"key-a": words, "nobody": "lost"})
    assert row.caption.startswith("After one winter \u00e9 xxx")
    assert (len(row.caption), other.caption) == (MOST_CAPTION, "")


def test_nothing_of_another_form_or_store_is_named_ordered_or_removed(
    session: Session, store: Store, tools: Tools
) -> None:
    stage(session, store, tools, *"ab")
    other = make_store(session, "juniper")
    for shop, form_id in ((other, FORM_ID), (store, "form-2")):
        caption_staged(session, shop, form_id=form_id, captions={"key-a": "Mine"})
        order_staged(session, shop, form_id=form_id, upload_keys=["key-b", "key-a"])
        move_staged(session, shop, form_id=form_id, upload_key="key-a", step=1)
        remove_staged(session, shop, form_id=form_id, upload_key="key-a")
    session.flush()
    assert keys(session, store) == ["key-a", "key-b"]
    assert [row.caption for row in staged_pictures(session, store, FORM_ID)] == ["", ""]


def test_what_is_taken_back_is_nobodys_and_no_form_finds_it_again(session: Session, store: Store, tools: Tools) -> None:
    row, _ = stage(session, store, tools, *"ab")
    caption_staged(session, store, form_id=FORM_ID, captions={"key-a": "Mine"})
    secret = row.view_key
    remove_staged(session, store, form_id=FORM_ID, upload_key="key-a")
    assert keys(session, store) == ["key-b"]
    assert (row.caption, row.original_name, row.form_id.startswith(LET_GO)) == ("", "", True)
    assert row.view_key != secret
    assert make_staged(session, store, tools, key="key-a").id != row.id


def test_what_comes_later_stands_behind_the_pictures_a_review_has(session: Session, store: Store, tools: Tools) -> None:
    stage(session, store, tools, *"ab")
    review = leave_review(session, store, make_product(session, store), form_id=FORM_ID)
    for key, place in (("key-d", 1), ("key-c", 0)):
        make_staged(session, store, tools, key=key, form_id="edit-1", place=place)
    take_pictures(session, review, "edit-1")
    session.expire(review, ["media"])
    assert [one.upload_key for one in review.media] == ["key-a", "key-b", "key-c", "key-d"]


def test_what_was_taken_back_and_came_all_the_same_is_in_no_review_and_goes(
    session: Session, store: Store, tools: Tools
) -> None:
    _, late = stage(session, store, tools, *"ab")
    take_rings(session)
    review = leave_review(
        session, store, make_product(session, store), form_id=FORM_ID, taken_back=frozenset({"key-b", "key-nobody"})
    )
    session.expire(review, ["media"])
    assert [one.upload_key for one in review.media] == ["key-a"]
    assert (late.review_id, late.form_id.startswith(LET_GO)) == (None, True)
    assert Ring(JobName.REMOVE_MEDIA, late.id) in take_rings(session)


def test_a_review_whose_only_picture_was_taken_back_has_none(session: Session, store: Store, tools: Tools) -> None:
    stage(session, store, tools, "a")
    taken_back = frozenset({"key-a"})
    review = leave_review(session, store, make_product(session, store), form_id=FORM_ID, taken_back=taken_back)
    assert not review.has_media
    make_staged(session, store, tools, key="key-a", form_id="edit-1")
    assert take_pictures(session, review, "edit-1", but=taken_back) == []
    assert not review.has_media


def taking_back(session: Session) -> None:
    remove_staged(session, session.scalars(select(Store)).one(), form_id=FORM_ID, upload_key="key-a")


def submitting(session: Session) -> list[str]:
    store, product = session.scalars(select(Store)).one(), session.scalars(select(Product)).one()
    review = leave_review(session, store, product, form_id=FORM_ID)
    session.expire(review, ["media"])
    return [one.upload_key for one in review.media]


@pytest.fixture
def two_staged(app: Flask, tools: Tools) -> None:
    """Two pictures of a form, committed."""
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        make_product(writing, store)
        stage(writing, store, tools, *"ab")


def test_one_taken_back_while_its_review_is_saved_is_not_in_it(app: Flask, two_staged: None) -> None:
    assert two_at_once(app, taking_back, submitting) == ["key-b"]


def test_one_taken_back_after_its_review_was_saved_belongs_to_it_as_before(app: Flask, two_staged: None) -> None:
    two_at_once(app, submitting, taking_back)
    with app.app_context():
        rows = reading().scalars(select(Media).order_by(Media.upload_key)).all()
        assert [(one.upload_key, one.form_id, one.review_id is None) for one in rows] == [
            ("key-a", FORM_ID, False),
            ("key-b", FORM_ID, False),
        ]


def over(store: Store, tools: Tools, session: Session, kind: type[PictureNotTaken]) -> bytes:
    """A file that is refused for this reason, after the store was made strict."""
    store.most_media, store.most_picture_mb, store.most_video_mb = 2, 1, 2
    if kind is TooManyPictures:
        stage(session, store, tools, *"ab")
    if kind is StoreFull:
        store.media_quota_mb = 0
    files = {PictureTooLarge: make_picture() + b"\0" * MIB, VideoTooLarge: MP4 + b"\0" * 2 * MIB, NotAPicture: b"GIF"}
    return files.get(kind, make_picture())


@pytest.mark.parametrize("kind", [NotAPicture, PictureTooLarge, VideoTooLarge, TooManyPictures, StoreFull])
def test_each_limit_is_the_stores_and_refuses_by_its_own_name(
    session: Session, store: Store, tools: Tools, kind: type[PictureNotTaken]
) -> None:
    raw = over(store, tools, session, kind)
    before = len(keys(session, store))
    with pytest.raises(kind) as refused:
        make_staged(session, store, tools, raw=raw)
    assert (type(refused.value), len(keys(session, store))) == (kind, before)


def test_a_video_may_be_as_large_as_the_store_lets_videos_be(session: Session, store: Store, tools: Tools) -> None:
    store.most_picture_mb, store.most_video_mb = 1, 2
    row = make_staged(session, store, tools, raw=MP4 + b"\0" * (MIB + 100))
    assert row.kind is MediaKind.VIDEO


def test_one_person_floods_no_store(session: Session, store: Store, tools: Tools) -> None:
    for number in range(FILES_A_DAY):
        session.add(
            Media(
                store_id=store.id,
                form_id=f"form-{number}",
                name=f"name-{number}",
                byte_count=1,
                sender_key="somebody",
                created_at=tools.clock(),
                enqueued_at=tools.clock(),
            )
        )
    session.flush()
    with pytest.raises(QuotaReached):
        stage_picture(
            session,
            store,
            form_id=FORM_ID,
            stream=BytesIO(make_picture()),
            filename="one-more.jpg",
            storage=tools.storage,
            clock=tools.clock,
            sender_key="somebody",
        )
    assert make_staged(session, store, tools)
