"""How soon support hears of a review, from Submit on; a machine busy with a whole suite would measure itself."""

from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sandbox
from tests.journeys.test_write_review import PRODUCT, fill, picture

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

WITHIN_SECONDS, WITH_PHOTOS_WITHIN_SECONDS = 2.0, 5.0


def seconds_to_kustomer(sandbox: Sandbox, page: Page, body: str) -> float:
    page.get_by_role("button", name="Submit review").click()
    began = monotonic()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    sandbox.event_of(body, within=20)
    return monotonic() - began


@pytest.mark.parametrize("turn", range(5))
def test_words_are_there_within_two_seconds(sandbox: Sandbox, page: Page, turn: int) -> None:
    body = f"Worn on walk number {turn + 1} of this spring, and dry inside every time."
    page.goto(f"{sandbox.shop}{PRODUCT}/reviews/new")
    fill(page, body)
    assert seconds_to_kustomer(sandbox, page, body) <= WITHIN_SECONDS


@pytest.mark.parametrize("turn", range(3))
def test_two_photos_are_there_within_five_seconds(sandbox: Sandbox, page: Page, tmp_path: Path, turn: int) -> None:
    body = f"Both cuffs after month {turn + 1}, from close by: no thread has come loose."
    page.goto(f"{sandbox.shop}{PRODUCT}/reviews/new")
    fill(page, body)
    photos = [picture(tmp_path / "left.jpg", "teal"), picture(tmp_path / "right.jpg", "brown")]
    page.get_by_label("Photos and videos").set_input_files(photos)
    expect(page.get_by_text("Photo 2 of 2 sent.")).to_be_visible()
    assert seconds_to_kustomer(sandbox, page, body) <= WITH_PHOTOS_WITHIN_SECONDS
