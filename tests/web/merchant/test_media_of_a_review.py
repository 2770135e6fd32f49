import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from reviews_app.media.choose_keeper import choose_keeper
from reviews_app.models.media import Media, MediaKind, MediaState
from reviews_app.models.media_hiding import HidingReason, MediaHiding
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.membership import StoreRole
from reviews_app.models.product import Product
from reviews_app.models.review import Review, ReviewState
from tests.factories.media import VIDEO, make_media
from tests.factories.review import leave_review
from tests.fakes.visitor import errors, typed
from tests.web.merchant.conftest import House


@pytest.fixture
def hung(house: House) -> House:
    """One review with a picture that lies in the storage."""
    with house.writing() as (writing, store):
        review = leave_review(writing, store, writing.scalars(select(Product)).one(), clock=house.clock)
        make_media(writing, store, review, storage=house.tools.storage).caption = "After one winter"
        review.has_media = True
    return house


def page_of(house: House) -> str:
    with house.rows() as rows:
        return f"{house.at}/reviews/{rows.scalars(select(Review.id)).one()}"


def media_of(house: House) -> str:
    with house.rows() as rows:
        return f"{house.at}/media/{rows.scalars(select(Media.id)).one()}"


def change(house: House, **values: Any) -> None:
    with house.writing() as (writing, _store):
        row = writing.scalars(select(Media)).one()
        for name, value in values.items():
            setattr(row, name, value)


def hide(house: House, reason: str = "personal_data", role: StoreRole | None = None) -> Any:
    visitor = house.visitor(role) if role else house.owner
    with house.rows() as rows:
        name = f"hide-{rows.scalars(select(Media.id)).one().hex}-reason"
    return visitor.send(page_of(house), at=f"{media_of(house)}/hide", **{name: reason})


def is_hidden(house: House) -> bool:
    with house.rows() as rows:
        return rows.scalars(select(Media.is_hidden)).one()


def test_a_picture_is_hidden_with_its_reason_by_whom_and_when_and_shown_again(hung: House) -> None:
    assert hide(hung).status_code == 303
    page = hung.owner.open(page_of(hung)).text
    assert re.search(r"Hidden</span>\s+Shows a person or their data without need\. By <bdi>Kim</bdi>, <time", page)
    assert "After one winter" in page
    answer = hung.owner.send(page_of(hung), at=f"{media_of(hung)}/show")
    assert (answer.status_code, is_hidden(hung)) == (303, False)
    page = hung.owner.open(page_of(hung)).text
    assert "Was hidden: Shows a person or their data without need." in page
    assert "Shown again by" in page


def test_the_review_itself_stays_as_it_is(hung: House) -> None:
    hung.owner.send(page_of(hung), at=f"{page_of(hung)}/publish")
    shop = f"/stores/{hung.slug}/products/ridge-daypack"
    assert "After one winter" in hung.owner.open(shop).text
    hide(hung)
    page = hung.owner.open(shop).text
    assert ("After one winter" in page, "Solid pack" in page) == (False, True)
    with hung.rows() as rows:
        assert rows.scalars(select(Review.state)).one() is ReviewState.PUBLISHED


@pytest.mark.parametrize("reason", ["", "five stars", "too_critical", "spam"])
def test_only_a_reason_from_the_list_hides(hung: House, reason: str) -> None:
    answer = hide(hung, reason)
    assert (answer.status_code, is_hidden(hung)) == (422, False)
    assert errors(answer) == ["Choose a reason. It is kept with the picture."]
    assert "<title>Error: " in answer.text
    assert "<details open>" in answer.text


@pytest.mark.parametrize("reason", HidingReason)
def test_every_reason_of_the_list_is_kept(hung: House, reason: HidingReason) -> None:
    hide(hung, reason)
    with hung.rows() as rows:
        assert rows.scalars(select(MediaHiding.reason)).one() is reason


def test_who_comes_second_is_told_and_changes_nothing(hung: House) -> None:
    open_before = typed(hung.owner.open(page_of(hung)))
    reason = next(name for name in open_before if name.startswith("hide-")).replace("csrf_token", "reason")
    hide(hung)
    hung.owner.client.post(f"{media_of(hung)}/hide", data=open_before | {reason: "offensive"})
    page = hung.owner.open(page_of(hung)).text
    assert "Somebody hid it before you." in page
    with hung.rows() as rows:
        assert [one.reason for one in rows.scalars(select(MediaHiding))] == [HidingReason.PERSONAL_DATA]


def test_a_viewer_sees_all_and_hides_nothing(hung: House) -> None:
    visitor = hung.visitor(StoreRole.VIEWER)
    page = visitor.open(page_of(hung)).text
    assert "Hide for this reason" not in page
    assert "After one winter" in page
    token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', visitor.open(f"{hung.at}/settings").text)[0]
    for door in ("hide", "show"):
        assert visitor.client.post(f"{media_of(hung)}/{door}", data={"csrf_token": token}).status_code == 403
    assert not is_hidden(hung)


def test_a_foreign_page_hides_and_shows_nothing(hung: House) -> None:
    assert hung.owner.client.post(f"{media_of(hung)}/hide", data={"reason": "spam"}).status_code == 422
    hide(hung)
    assert hung.owner.client.post(f"{media_of(hung)}/show").status_code == 400
    assert is_hidden(hung)


@pytest.mark.parametrize(
    ("kind", "ending", "mimetype"), [(MediaKind.IMAGE, "webp", "image/webp"), (MediaKind.VIDEO, "mp4", "video/mp4")]
)
def test_it_is_taken_home_under_a_name_of_ours(house: House, kind: MediaKind, ending: str, mimetype: str) -> None:
    with house.writing() as (writing, store):
        review = leave_review(writing, store, writing.scalars(select(Product)).one(), clock=house.clock)
        row = make_media(writing, store, review, storage=house.tools.storage, kind=kind)
        row.original_name = 'evil"\r\nSet-Cookie: a=b.html'
    answer = house.owner.open(f"{media_of(house)}/download")
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    named = answer.headers["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="review-[0-9a-f]{{8}}-1\.{ending}"', named)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_length == len(answer.data)
    assert (answer.data == VIDEO) == (kind is MediaKind.VIDEO)


def test_what_is_not_there_yet_is_no_download(hung: House) -> None:
    with hung.rows() as rows:
        hung.tools.storage.drop(rows.scalars(select(Media.name)).one())
    assert hung.owner.open(f"{media_of(hung)}/download").status_code == 404


def test_a_storage_that_is_away_is_said_with_when_to_come_back(hung: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    hung.tools.storage.keeper = choose_keeper("", folder=tmp_path / "file")
    answer = hung.owner.open(f"{media_of(hung)}/download")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The store cannot answer just now" in answer.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": MediaState.UPLOADED}, "Being processed"),
        ({"state": MediaState.UPLOADED, "trouble": MediaTrouble.SCANNER_AWAY}, "The virus scanner does not answer."),
        ({"state": MediaState.UPLOADED, "trouble": MediaTrouble.STORAGE_AWAY}, "The storage does not answer."),
        ({"state": MediaState.FAILED, "trouble": MediaTrouble.BROKEN}, "It could not be read."),
    ],
)
def test_how_far_a_file_is_stands_beside_it(hung: House, values: dict[str, Any], words: str) -> None:
    change(hung, **values)
    assert words in hung.owner.open(page_of(hung)).text


def test_a_picture_that_is_still_staged_or_let_go_is_no_ones_to_hide(hung: House) -> None:
    with hung.writing() as (writing, _store):
        writing.scalars(select(Media)).one().let_go()
    assert hung.owner.open(f"{media_of(hung)}/download").status_code == 404
