import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Sandbox, axe
from tests.journeys.test_targets import SMALL

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

GALLERY = "/stores/demo/products/ridge-daypack/reviews/photos"
SWIPE = """([from, to]) => {
  const stage = document.querySelector("[data-viewer-stage]");
  const of = (x) => ({ pointerId: 7, pointerType: "touch", clientX: x, clientY: 300, bubbles: true });
  const touch = (kind, x) => stage.dispatchEvent(new PointerEvent(kind, of(x)));
  touch("pointerdown", from);
  touch("pointerup", to);
}"""


def count_said(page: Page) -> str:
    return page.locator("[data-viewer-count]").inner_text()


def open_first(sandbox: Sandbox, page: Page, address: str = GALLERY) -> None:
    page.goto(sandbox.shop + address)
    page.locator(".gallery-photos .photo-link").first.click()
    expect(page.locator("dialog.viewer")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_the_viewer_open(sandbox: Sandbox, page: Page, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 740})
    open_first(sandbox, page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("dialog.viewer").evaluate(f"() => ({SMALL})()") == []
    stage = page.locator("[data-viewer-stage]").bounding_box()
    shown = page.locator("[data-viewer-stage] img").bounding_box()
    assert stage is not None
    assert shown is not None
    assert shown["height"] <= stage["height"] + 1
    assert shown["width"] <= stage["width"] + 1


def test_by_keyboard_alone_and_the_focus_comes_back(sandbox: Sandbox, page: Page) -> None:
    page.goto(sandbox.shop + GALLERY)
    second = page.locator(".photo-link").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    total = page.locator(".photo-link").count()
    for key, place in (("ArrowRight", 3), ("ArrowLeft", 2), ("Home", 1), ("ArrowLeft", 1), ("End", total)):
        page.keyboard.press(key)
        assert count_said(page) == f"{place} of {total}", key
    said = page.locator("[data-viewer-said]").inner_text()
    assert said == f"{total} of {total}: {page.locator('[data-viewer-stage] img').get_attribute('alt')}"
    for _ in range(8):
        page.keyboard.press("Tab")
        # Chromium lets the keyboard leave for its own bars; never for the page behind.
        assert page.evaluate("document.activeElement.closest('dialog') || document.activeElement === document.body")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.viewer")).to_have_count(0)
    expect(second).to_be_focused()


def test_back_closes_the_viewer_and_stays_on_the_page(sandbox: Sandbox, page: Page) -> None:
    open_first(sandbox, page)
    page.go_back()
    expect(page.locator("dialog.viewer")).to_have_count(0)
    expect(page).to_have_url(sandbox.shop + GALLERY)
    expect(page.locator(".photo-link").first).to_be_focused()


def test_a_finger_turns_the_pages_and_a_short_touch_does_not(sandbox: Sandbox, page: Page) -> None:
    open_first(sandbox, page)
    total = page.locator(".photo-link").count()
    for way, place in (([300, 100], 2), ([200, 180], 2), ([100, 300], 1), ([100, 300], 1)):
        page.evaluate(SWIPE, way)
        assert count_said(page) == f"{place} of {total}"


def test_in_arabic_the_next_one_stands_on_the_left(sandbox: Sandbox, page: Page) -> None:
    open_first(sandbox, page, f"{GALLERY}?lang=ar")
    first = count_said(page)
    page.keyboard.press("ArrowRight")
    assert count_said(page) == first
    page.keyboard.press("ArrowLeft")
    assert count_said(page) != first
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_a_picture_is_a_plain_link(sandbox: Sandbox, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sandbox.shop + GALLERY)
    address = page.locator(".photo-link").first.get_attribute("href") or ""
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
    context.close()


def test_a_picture_opens_from_its_review_among_its_own(sandbox: Sandbox, page: Page) -> None:
    page.goto(f"{sandbox.shop}/stores/demo/products/ridge-daypack")
    link = page.locator(".review-photos .photo-link").first
    link.click()
    review = page.locator(".review:has(.photo-link)").first
    assert count_said(page) == f"1 of {review.locator('.photo-link').count()}"
