"""A shopper on a phone and a bad line: three photos and a video, from the file to everywhere they are shown."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page, Route, expect

from tests.factories.video import make_video
from tests.journeys.conftest import Sandbox
from tests.journeys.test_merchant import sign_in
from tests.journeys.test_pictures_in_the_form import FORM, door, fill

# Timed by a slow line: it runs with the long ones.
pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(600)]

PRODUCT = FORM.removesuffix("/reviews/new")
BYTES_A_SECOND = 40_000
# What moved without anybody having touched the page just before.
SHIFTS = """
addEventListener("DOMContentLoaded", () => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.hadRecentInput) continue;
      window.shifts.push([one.value, ...one.sources.map((source) => source.node?.outerHTML?.slice(0, 90))]);
    }
  }).observe({ type: "layout-shift", buffered: true });
});
"""


class Line:
    """The phone's line: slow, and now and then gone."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Network.enable")

    def set(self, *, is_there: bool = True, rate: int = BYTES_A_SECOND) -> None:
        slow = {"latency": 60, "downloadThroughput": 4 * rate, "uploadThroughput": rate}
        self._session.send("Network.emulateNetworkConditions", {"offline": not is_there, **slow})

    def break_at(self, number: int) -> Callable[[Route], None]:
        """For the door of files: that one is lost on its way, and from then on the line is gone."""
        files = count(1)

        def pass_on(route: Route) -> None:
            if b'name="photo"' in (route.request.post_data_buffer or b"") and next(files) == number:
                self.set(is_there=False)
                route.abort("internetdisconnected")
            else:
                route.continue_()

        return pass_on


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-US", viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.add_init_script(SHIFTS)
    page.set_default_navigation_timeout(90_000)
    yield page
    context.close()
    assert troubles == []


def photo(folder: Path, name: str) -> str:
    """A picture of noise: it has the size of a real one."""
    path = folder / name
    Image.effect_noise((640, 480), 80).convert("RGB").save(path, "JPEG", quality=90)
    return str(path)


def files(folder: Path) -> list[str]:
    film = folder / "film.mp4"
    film.write_bytes(make_video(folder, seconds=2))
    return [*(photo(folder, f"{name}.jpg") for name in ("front", "seam", "back")), str(film)]


def shifts(page: Page) -> list[object]:
    found: list[object] = page.evaluate("window.shifts")
    return found


def card(page: Page, name: str) -> str:
    return f'.photo:has-text("{name}")'


def test_from_a_bad_line_to_every_place_they_are_shown(sandbox: Sandbox, phone: Page, tmp_path: Path) -> None:
    body = "Two winters of it: the front, the seam that held, and how it packs."
    chosen = files(tmp_path)
    line = Line(phone)
    phone.goto(sandbox.shop + FORM)
    line.set()
    phone.route(door(phone), line.break_at(3))
    phone.get_by_label("Photos and videos").set_input_files(chosen)
    expect(phone.locator(".photo")).to_have_count(4)
    expect(phone.locator("[data-photos-said]")).to_contain_text("No connection. It goes on by itself.", timeout=60_000)
    expect(phone.locator(".photo-staged")).not_to_have_count(4)
    # The shopper writes on without it.
    fill(phone, "bad-line@example.com")
    phone.get_by_label("Your review", exact=True).fill(body)
    line.set()
    expect(phone.locator("[data-photos-said]")).to_contain_text("Photo 4 of 4 sent.", timeout=90_000)

    phone.get_by_role("textbox", name="Caption of front.jpg").fill("Dry after an hour")
    phone.get_by_role("button", name="Remove seam.jpg").click()
    phone.get_by_role("button", name="Move film.mp4 forward").click()
    expect(phone.locator("[data-photos-said]")).to_contain_text("film.mp4 is now 2 of 3.")
    assert phone.locator(".photo [data-photo-name]").all_inner_texts() == ["front.jpg", "film.mp4", "back.jpg"]
    assert shifts(phone) == []
    phone.get_by_role("button", name="Submit review").click()
    expect(phone.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    line.set(rate=10_000_000)
    # Nobody reloads: the page itself looks until they are ready, and keeps their room meanwhile.
    expect(phone.locator(".review-photos .photo-link")).to_have_count(3, timeout=120_000)
    assert alts(phone, ".review-photos") == in_order("Robin A.")
    assert shifts(phone) == []

    phone.goto(sandbox.shop + PRODUCT)
    shown = phone.locator(".review", has_text=body)
    expect(shown.locator(".photo-link")).to_have_count(3)
    shown.scroll_into_view_if_needed()
    assert shifts(phone) == []
    phone.goto(f"{sandbox.shop}{PRODUCT}/reviews/photos")
    assert alts(phone, ".gallery-photos")[:3] == in_order("Robin A.")
    look_through(phone)
    assert shifts(phone) == []

    media = sandbox.event_of(body, within=70)["media"]
    assert (media["imageCount"], media["videoCount"]) == (2, 1)
    assert [phone.request.get(one).headers["content-type"] for one in media["imageUrls"]] == ["image/webp"] * 2
    assert phone.request.get(media["videoUrls"][0]).headers["content-type"] == "video/mp4"

    sign_in(sandbox, phone)
    phone.goto(f"{sandbox.shop}/merchant/demo/reviews?state=published")
    phone.get_by_role("link", name=body).click()
    expect(phone.locator(".held-media > li")).to_have_count(3)
    assert alts(phone, ".held-media") == in_order("Robin A.")


def in_order(author: str) -> list[str]:
    product = "Drift Rain Shell"
    return ["Dry after an hour", f"Video 2 of {product} by {author}", f"Photo 3 of {product} by {author}"]


def alts(page: Page, place: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(f"{place} .photo-link img", "all => all.map((one) => one.alt)")
    return found


def look_through(page: Page) -> None:
    """The first three in the viewer: a picture, a film that plays when asked and not before, a picture."""
    page.locator(".gallery-photos .photo-link").first.click()
    viewer = page.get_by_role("dialog", name="Photos and videos")
    expect(viewer.locator("[data-viewer-stage] img")).to_have_attribute("alt", "Dry after an hour")
    expect(viewer).to_contain_text("Robin A.")
    page.keyboard.press("ArrowRight")
    film = viewer.locator("video")
    expect(film).to_have_attribute("controls", "")
    assert film.evaluate("film => [film.autoplay, film.paused]") == [False, True]
    film.evaluate("film => new Promise((done) => { film.onloadedmetadata = done; film.load(); })")
    assert film.evaluate("film => film.duration") == pytest.approx(2, abs=0.5)
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-viewer-stage] img")).to_have_attribute("alt", in_order("Robin A.")[2])
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
