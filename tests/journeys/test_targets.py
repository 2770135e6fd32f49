import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sandbox
from tests.journeys.test_accessibility import MERCHANT, PUBLIC
from tests.journeys.test_merchant import sign_in

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

# A label is part of its field's target; a link within a sentence is read, not aimed at.
SMALL = """() => {
  const small = [];
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (one.type === "hidden" || !one.checkVisibility()) continue;
    if (one.closest("[aria-hidden=true], .held-back, .skip")) continue;
    const beside = [...one.parentNode.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (one.tagName === "A" && getComputedStyle(one).display === "inline" && beside) continue;
    const boxes = [one, ...(one.labels ?? [])].map((part) => part.getBoundingClientRect());
    const height = Math.max(...boxes.map((box) => box.height));
    const width = Math.max(...boxes.map((box) => box.width));
    if (height < 43.5 || width < 43.5) small.push(`${one.outerHTML.slice(0, 90)} ${width} x ${height}`);
  }
  return small;
}"""


def small_targets(page: Page, url: str) -> list[str]:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(url)
    found: list[str] = page.evaluate(SMALL)
    return found


@pytest.mark.parametrize("path", PUBLIC)
def test_a_thumb_hits_every_target_of_a_public_page(sandbox: Sandbox, page: Page, path: str) -> None:
    assert small_targets(page, sandbox.shop + path) == []


@pytest.mark.parametrize("path", ["/kustomer", "/mail"])
def test_a_thumb_hits_every_target_outside(sandbox: Sandbox, page: Page, path: str) -> None:
    assert small_targets(page, sandbox.outside + path) == []


def test_a_thumb_hits_every_target_in_the_merchants_house(sandbox: Sandbox, page: Page) -> None:
    sign_in(sandbox, page)
    found = {path: small_targets(page, sandbox.shop + path) for path in MERCHANT}
    assert {path: small for path, small in found.items() if small} == {}


def test_what_was_said_on_top_stands_clear_of_the_page_beneath_it(sandbox: Sandbox, page: Page) -> None:
    sign_in(sandbox, page)
    page.goto(sandbox.shop + "/merchant/demo/settings")
    page.get_by_role("button", name="Save").click()
    said, head = page.get_by_text("Saved.").locator("..").bounding_box(), page.locator("h1").bounding_box()
    assert said
    assert head
    assert head["y"] - (said["y"] + said["height"]) >= 12


def test_an_error_within_a_sentence_stands_as_close_as_any_other(sandbox: Sandbox, page: Page) -> None:
    sign_in(sandbox, page)
    page.goto(sandbox.shop + "/merchant/demo/settings/requests")
    page.get_by_label("Days after delivery", exact=True).first.fill("-1")
    page.get_by_role("button", name="Save", exact=True).last.click()
    error = page.locator(".rule > .field-error")
    expect(error).to_have_text("Days after delivery: from 0 to 180 days.")
    assert error.evaluate("one => one.offsetHeight") <= 24


def test_the_page_holds_at_320_pixels_and_with_text_twice_as_large(sandbox: Sandbox, page: Page) -> None:
    for path in PUBLIC:
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(sandbox.shop + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.set_viewport_size({"width": 768, "height": 900})
        page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
        page.evaluate("document.adoptedStyleSheets[0].replaceSync('html { font-size: 200% !important }')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 768, path
