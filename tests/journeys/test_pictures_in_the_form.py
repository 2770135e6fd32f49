from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Sandbox
from tests.sandbox.eventually import eventually

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

FORM = "/stores/demo/products/drift-rain-shell/reviews/new"


def pictures(folder: Path, count: int) -> list[str]:
    paths = [folder / f"{number}.jpg" for number in range(1, count + 1)]
    for number, path in enumerate(paths):
        Image.new("RGB", (400, 300), (90 * number, 120, 60)).save(path, "JPEG")
    return [str(path) for path in paths]


def fill(page: Page, email: str) -> None:
    page.get_by_label("5 stars, Very good").check()
    page.get_by_label("Your review", exact=True).fill("Dry after an hour of rain.")
    page.get_by_label("Your name").fill("Robin Ash")
    page.get_by_label("Email").fill(email)


def door(page: Page) -> str:
    return f"**{page.locator('[data-photos]').get_attribute('data-photos')}"


def left_in_the_field(page: Page) -> list[str]:
    names: list[str] = page.evaluate("[...document.querySelector('input[type=file]').files].map((one) => one.name)")
    return names


def test_each_picture_is_told_and_what_is_no_picture_is_named(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    first, second = pictures(tmp_path, 2)
    page.goto(sandbox.shop + FORM)
    page.get_by_label("Photos and videos").set_input_files([first, str(tmp_path / "notes.txt"), second])
    said = page.locator("[data-photos-said]")
    expect(said).to_contain_text("Photo 2 of 3 sent.")
    expect(said).to_contain_text("notes.txt: This is not a picture we can show.")
    expect(page.locator(".photo-staged")).to_have_count(2)
    assert left_in_the_field(page) == []


def test_what_the_network_drops_goes_with_the_form_and_nothing_goes_twice(
    sandbox: Sandbox, page: Page, tmp_path: Path
) -> None:
    sent: list[str] = []

    def only_the_first(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) == 1:
            route.continue_()
        else:
            route.abort()

    page.goto(sandbox.shop + FORM)
    page.route(door(page), only_the_first)
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 3))
    expect(page.locator("[data-photos-said]")).to_contain_text("No connection.")
    # Two go at once: the first may still be on its way when the second was dropped.
    eventually(lambda: left_in_the_field(page) == ["2.jpg", "3.jpg"])
    fill(page, "network@example.com")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    expect_pictures(page, 3)


def lose_answers(route: Route) -> None:
    """What is sent arrives; nobody hears of it."""
    route.fetch()
    route.abort()


def test_what_arrived_unheard_goes_with_the_form_and_is_there_once(
    sandbox: Sandbox, page: Page, tmp_path: Path
) -> None:
    page.goto(sandbox.shop + FORM)
    page.route(door(page), lose_answers)
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 2))
    eventually(lambda: left_in_the_field(page) == ["1.jpg", "2.jpg"])
    expect(page.locator(".photo-how")).to_have_text(["No connection. It goes on by itself."] * 2)
    fill(page, "unheard@example.com")
    expect_published(page, 2)


@pytest.mark.parametrize("was_heard", [True, False])
def test_a_picture_removed_while_the_line_is_gone_is_not_published(
    sandbox: Sandbox, page: Page, tmp_path: Path, was_heard: bool
) -> None:
    page.goto(sandbox.shop + FORM)
    if not was_heard:
        page.route(door(page), lose_answers)
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 2))
    expect(page.locator(".photo-how")).to_have_text(
        ["Sent" if was_heard else "No connection. It goes on by itself."] * 2
    )
    page.route(door(page), lambda route: route.abort())
    page.get_by_role("button", name="Remove 1.jpg").click()
    expect(page.locator(".photo-name")).to_have_text(["2.jpg"])
    expect(page.locator("[data-photos-said]")).to_contain_text("Removed.")
    fill(page, "removed@example.com")
    expect_published(page, 1)


def test_a_file_that_turned_out_broken_can_be_removed(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    def find_broken(route: Route) -> None:
        answer = route.fetch()
        said = answer.json()
        if "photo" in said:
            said["photo"]["words"] = "It could not be read. The file may be damaged."
        route.fulfill(response=answer, json=said)

    page.goto(sandbox.shop + FORM)
    page.route(door(page), find_broken)
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 1))
    expect(page.locator(".photo-refused")).to_contain_text("It could not be read.")
    page.get_by_role("button", name="Remove 1.jpg").click()
    expect(page.locator(".photo")).to_have_count(0)
    fill(page, "broken@example.com")
    expect_published(page, 0)


def test_a_stale_page_keeps_its_pictures_for_the_form(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    page.goto(sandbox.shop + FORM)
    page.evaluate("document.querySelector('[name=csrf_token]').value = 'stale'")
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 1))
    expect(page.locator("[data-photos-said]")).to_contain_text("It will be sent with the form.")
    assert left_in_the_field(page) == ["1.jpg"]


def test_a_form_sent_while_a_picture_is_under_way_waits_for_it(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    held: list[Route] = []
    page.goto(sandbox.shop + FORM)
    page.route(door(page), lambda route: held.append(route))
    fill(page, "under-way@example.com")
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 1))
    expect(page.locator("[data-photos]")).to_have_attribute("aria-busy", "true")
    page.get_by_role("button", name="Submit review").click()
    expect(page).to_have_url(sandbox.shop + FORM)
    held[0].continue_()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    expect_pictures(page, 1)


def test_enter_in_a_field_sends_the_form_and_takes_no_picture_away(
    sandbox: Sandbox, page: Page, tmp_path: Path
) -> None:
    page.goto(sandbox.shop + FORM)
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 1))
    expect(page.locator(".photo-staged")).to_have_count(1)
    page.get_by_label("Review title").press("Enter")
    expect(page).to_have_title("Error: Write a review · Drift Rain Shell")
    expect(page.locator(".photo-staged")).to_have_count(1)
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("[data-photos-said]")).to_have_text("Removed.")
    expect(page.locator(".photo-staged")).to_have_count(0)


def expect_pictures(page: Page, count: int) -> None:
    """They are encoded anew by a worker; the page shows them when it is opened again."""
    shown = page.locator(".review-photos img")
    for _ in range(60):
        if shown.count() >= count:
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(shown).to_have_count(count)


def expect_published(page: Page, count: int) -> None:
    """The thank-you keeps a place for each, prepared or not."""
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    expect(page.locator(".review-photos > li")).to_have_count(count)
