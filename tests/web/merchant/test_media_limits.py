from typing import Any

import pytest

from reviews_app.models.membership import StoreRole
from tests.fakes.visitor import errors, typed
from tests.web.merchant.conftest import House

GOOD = {"most_media": "3", "most_picture_mb": "4", "most_video_mb": "20", "most_video_seconds": "15"}
FORM = "/stores/larkspur/products/ridge-daypack/reviews/new"


def page_of(house: House) -> str:
    return f"{house.at}/settings/photos"


def kept(house: House) -> tuple[Any, ...]:
    with house.rows() as rows:
        store = house.store(rows)
        limits = (store.most_media, store.most_picture_mb, store.most_video_mb, store.most_video_seconds)
        return (*limits, store.keeps_originals)


def test_limits_are_changed_and_shoppers_are_told_the_new_ones(house: House) -> None:
    assert house.owner.send(page_of(house), **GOOD, keeps_originals="y").status_code == 303
    assert kept(house) == (3, 4, 20, 15, True)
    page = house.owner.open(FORM).text
    assert "Up to 3 photos and videos. A photo may have 4 MB, a video 20 MB and 15 seconds." in page
    assert {name: typed(house.owner.open(page_of(house)))[name][0] for name in GOOD} == GOOD


@pytest.mark.parametrize("field", GOOD)
@pytest.mark.parametrize("value", ["", "0", "-1", "1000", "4.5", "many", "1e3", "9" * 400, "\0"])
def test_a_number_that_is_none_is_told_and_nothing_changes(house: House, field: str, value: str) -> None:
    before = kept(house)
    answer = house.owner.send(page_of(house), **GOOD | {field: value})
    assert (answer.status_code, kept(house)) == (422, before)
    assert len(errors(answer)) == 1
    assert typed(answer)["most_media" if field != "most_media" else "most_video_mb"][0] in GOOD.values()


@pytest.mark.parametrize(("days", "term"), [("30", 30), ("3650", 3650), ("0", None)])
def test_a_term_for_what_kustomer_gets_is_kept_and_shown(house: House, days: str, term: int | None) -> None:
    assert typed(house.owner.open(page_of(house)))["link_days"] == ["0"]
    assert house.owner.send(page_of(house), link_days=days).status_code == 303
    with house.rows() as rows:
        assert house.store(rows).media_link_days == term
    assert typed(house.owner.open(page_of(house)))["link_days"] == [days]


@pytest.mark.parametrize("days", ["3651", "-1", "x", ""])
def test_a_term_that_is_none_is_told(house: House, days: str) -> None:
    answer = house.owner.send(page_of(house), link_days=days)
    assert (answer.status_code, errors(answer)) == (422, ["A whole number from 0 to 3650."])


def test_only_who_may_change_settings_sees_them(house: House) -> None:
    assert house.visitor(StoreRole.MODERATOR).open(page_of(house)).status_code == 403
    assert "Photos and videos" in house.owner.open(f"{house.at}/settings").text
