import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Sandbox, axe

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

PRODUCT = "/stores/demo/products/drift-rain-shell"
BESIDE = (20, 450)


def open_form(sandbox: Sandbox, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(sandbox.shop + PRODUCT)
    page.get_by_role("link", name="Write a review").click()
    expect(page.get_by_role("dialog", name="Write a review")).to_be_visible()


def test_a_click_beside_closes_an_untouched_form_and_never_a_started_one(sandbox: Sandbox, page: Page) -> None:
    open_form(sandbox, page)
    assert axe(page) == []
    page.mouse.click(*BESIDE)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Write a review").click()
    page.get_by_label("4 stars, Good").check()
    page.mouse.click(*BESIDE)
    expect(page.get_by_role("dialog")).to_be_visible()


def test_escape_closes_gives_the_focus_back_and_leaves_no_step_in_the_history(sandbox: Sandbox, page: Page) -> None:
    open_form(sandbox, page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Write a review")).to_be_focused()
    expect(page).to_have_url(sandbox.shop + PRODUCT)


def test_closing_asked_for_many_times_at_once_stays_on_the_page(sandbox: Sandbox, page: Page) -> None:
    page.goto(sandbox.shop + "/stores/demo")
    open_form(sandbox, page)
    # All of it before the first step back arrives, as on a slow phone.
    page.evaluate("""() => {
      const dialog = document.querySelector("dialog");
      dialog.dispatchEvent(new Event("cancel", { cancelable: true }));
      dialog.querySelector(".dialog-bar button").click();
      dialog.close();
    }""")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Write a review")).to_be_focused()
    expect(page).to_have_url(sandbox.shop + PRODUCT)


def test_a_double_click_opens_one_form(sandbox: Sandbox, page: Page) -> None:
    page.goto(sandbox.shop + PRODUCT)
    page.get_by_role("link", name="Write a review").dblclick()
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_a_chosen_theme_stays_on_the_next_page(sandbox: Sandbox, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(sandbox.shop + "/stores/demo")
    page.get_by_role("button", name="Light or dark").click()
    page.goto(sandbox.shop + PRODUCT)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_without_script_no_button_promises_what_only_script_does(sandbox: Sandbox, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{sandbox.shop}{PRODUCT}/reviews/new")
    expect(page.get_by_role("button", name="Light or dark")).to_have_count(0)
    expect(page.get_by_role("button", name="Clear this answer")).to_have_count(0)
    expect(page.get_by_role("button", name="Submit review")).to_be_visible()
    context.close()
