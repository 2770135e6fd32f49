"""What becomes of pictures while the review is still being written: shrunk, told about, kept, put in order."""

from email import message_from_bytes
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from reviews_app.services.media_quotas import MIB
from tests.factories.picture import SECRET, make_telling_picture
from tests.factories.telling import telling_pictures
from tests.factories.video import make_video
from tests.journeys.conftest import Sandbox, axe
from tests.journeys.test_pictures_in_the_form import (
    FORM,
    door,
    expect_pictures,
    expect_published,
    fill,
    left_in_the_field,
    pictures,
)
from tests.journeys.test_targets import SMALL
from tests.sandbox.eventually import eventually

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

# Eight uploads on a busy machine.
PATIENT = 30_000
GIVE = """([kind, count]) => {
  const data = new DataTransfer();
  for (let place = 0; place < count; place += 1) {
    const raw = atob("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
    const bytes = Uint8Array.from(raw, (one) => one.charCodeAt(0));
    data.items.add(new File([bytes], `given-${place}.gif`, { type: "image/gif" }));
  }
  const given = kind === "paste" ? new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector(kind === "paste" ? "textarea" : "[data-photos]").dispatchEvent(given);
}"""


def names(page: Page) -> list[str]:
    return page.locator(".photo [data-photo-name]").all_inner_texts()


def sent_by(page: Page, path: Path) -> bytes:
    """The file in the parcel that leaves the browser."""
    parcels: list[bytes] = []

    def look(route: Route) -> None:
        parcels.append(route.request.post_data_buffer or b"")
        route.continue_()

    page.route(door(page), look)
    page.get_by_label("Photos and videos").set_input_files(str(path))
    expect(page.locator("[data-photos-said]")).to_have_text("Photo 1 of 1 sent.", timeout=PATIENT)
    boundary = parcels[0].split(b"\r\n", 1)[0][2:].decode()
    head = f"Content-Type: multipart/form-data; boundary={boundary}\r\n\r\n"
    parcel = message_from_bytes(head.encode() + parcels[0])
    raw = next(part.get_payload(decode=True) for part in parcel.walk() if part.get_filename())
    assert isinstance(raw, bytes)
    return raw


def test_a_large_picture_is_made_smaller_and_forgets_its_place_before_it_leaves(
    sandbox: Sandbox, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "sideways.jpg").write_bytes(make_telling_picture((3600, 2400), orientation=6))
    page.goto(sandbox.shop + FORM)
    raw = sent_by(page, tmp_path / "sideways.jpg")
    assert (SECRET in raw, b"Exif" in raw) == (False, False)
    with Image.open(BytesIO(raw)) as opened:
        assert (opened.size, opened.format) == ((1707, 2560), "JPEG")


def test_a_small_drawing_stays_what_it_is_and_forgets_its_place_too(
    sandbox: Sandbox, page: Page, tmp_path: Path
) -> None:
    drawing = dict(telling_pictures())["PNG"]
    (tmp_path / "drawing.png").write_bytes(drawing)
    page.goto(sandbox.shop + FORM)
    raw = sent_by(page, tmp_path / "drawing.png")
    assert (SECRET in raw, b"eXIf" in raw, SECRET in drawing) == (False, False, True)
    with Image.open(BytesIO(raw)) as opened, Image.open(BytesIO(drawing)) as chosen:
        assert (opened.format, opened.convert("RGB").tobytes()) == ("PNG", chosen.tobytes())


def test_what_is_too_large_or_too_long_is_told_without_being_kept(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    (tmp_path / "long.mp4").write_bytes(make_video(tmp_path, seconds=62, rate=2, size=(64, 48), sound=""))
    (tmp_path / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(15 * MIB))
    page.goto(sandbox.shop + FORM)
    page.get_by_label("Photos and videos").set_input_files([str(tmp_path / name) for name in ("huge.png", "long.mp4")])
    expect(page.locator(".photo-refused")).to_have_count(2, timeout=PATIENT)
    said = page.locator("[data-photos-said]")
    expect(said).to_contain_text("huge.png: This picture is larger than 15 MB. Send a smaller one.")
    expect(said).to_contain_text("long.mp4: This video is longer than 60 seconds. Send a shorter one.")
    assert left_in_the_field(page) == []


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_pictures_may_be_pasted_and_dropped(sandbox: Sandbox, page: Page, kind: str) -> None:
    page.goto(sandbox.shop + FORM)
    page.evaluate(GIVE, [kind, 2])
    expect(page.locator("[data-photos-said]")).to_have_text("Photo 2 of 2 sent.", timeout=PATIENT)
    assert names(page) == ["given-0.gif", "given-1.gif"]


def test_more_than_fit_are_named_one_by_one(sandbox: Sandbox, page: Page) -> None:
    page.goto(sandbox.shop + FORM)
    page.evaluate(GIVE, ["drop", 9])
    expect(page.locator(".photo-staged")).to_have_count(8, timeout=PATIENT)
    expect(page.locator(".photo-refused")).to_have_count(1)
    expect(page.locator(".photo-refused")).to_contain_text("8 pictures and videos fit in one review.")
    page.get_by_role("button", name="Remove given-8.gif").click()
    expect(page.locator(".photo-refused")).to_have_count(0)


def test_a_reload_brings_words_pictures_captions_and_order_back(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    page.goto(sandbox.shop + FORM)
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 3))
    expect(page.locator(".photo-staged")).to_have_count(3, timeout=PATIENT)
    page.get_by_role("textbox", name="Caption of 2.jpg").fill("The seam")
    for _ in range(2):
        with page.expect_response(lambda answer: "photo_order" in (answer.request.post_data or "")):
            page.get_by_role("button", name="Move 3.jpg forward").click()
    fill(page, "reload@example.com")
    eventually(lambda: "reload@example.com" in page.evaluate("Object.values(localStorage).join()"))
    page.reload()
    page.get_by_role("button", name="Use it").click()
    expect(page.locator(".photo-staged")).to_have_count(3, timeout=PATIENT)
    assert names(page) == ["3.jpg", "1.jpg", "2.jpg"]
    expect(page.get_by_role("textbox", name="Caption of 2.jpg")).to_have_value("The seam")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    expect_pictures(page, 3)
    assert page.locator(".review-photos img").nth(2).get_attribute("alt") == "The seam"


def test_a_draft_used_while_a_picture_is_under_way_takes_it_along(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    first, second = pictures(tmp_path, 2)
    page.goto(sandbox.shop + FORM)
    page.get_by_label("Photos and videos").set_input_files(first)
    expect(page.locator(".photo-staged")).to_have_count(1, timeout=PATIENT)
    fill(page, "two-forms@example.com")
    eventually(lambda: "two-forms@example.com" in page.evaluate("Object.values(localStorage).join()"))
    page.reload()
    held: list[Route] = []
    page.route(door(page), lambda route: held.append(route) if not held else route.continue_())
    page.get_by_label("Photos and videos").set_input_files(second)
    expect(page.locator(".photo progress:visible")).to_have_count(1)
    page.get_by_role("button", name="Use it").click()
    expect(page.locator(".photo-staged")).to_have_count(2, timeout=PATIENT)
    expect_published(page, 2)


def test_a_picture_removed_on_its_way_stays_removed_when_its_draft_is_used(
    sandbox: Sandbox, page: Page, tmp_path: Path
) -> None:
    """The page is loaded anew, and only then the removed picture gets through."""
    first, second = pictures(tmp_path, 2)
    page.goto(sandbox.shop + FORM)
    page.get_by_label("Photos and videos").set_input_files(first)
    expect(page.locator(".photo-staged")).to_have_count(1, timeout=PATIENT)
    fill(page, "removed@example.com")
    held: list[Route] = []
    page.route(door(page), lambda route: held.append(route) if not held else route.continue_())
    page.get_by_label("Photos and videos").set_input_files(second)
    expect(page.locator(".photo progress:visible")).to_have_count(1)
    page.get_by_role("button", name="Remove 2.jpg").click()
    eventually(lambda: '"gone":["' in page.evaluate("Object.values(localStorage).join()"))
    page.reload()
    page.get_by_role("button", name="Use it").click()
    expect(page.locator(".photo-staged")).to_have_count(1, timeout=PATIENT)
    late = held[0].request
    assert page.request.post(
        late.url, data=late.post_data_buffer, headers={"Content-Type": late.headers["content-type"]}
    ).ok
    expect_published(page, 1)


def test_a_form_error_keeps_pictures_captions_and_order(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    page.goto(sandbox.shop + FORM)
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 2))
    expect(page.locator(".photo-staged")).to_have_count(2, timeout=PATIENT)
    page.get_by_role("textbox", name="Caption of 1.jpg").fill("First")
    page.get_by_role("button", name="Move 1.jpg back").click()
    page.get_by_role("button", name="Submit review").click()
    expect(page).to_have_title("Error: Write a review · Drift Rain Shell")
    assert names(page) == ["2.jpg", "1.jpg"]
    expect(page.get_by_role("textbox", name="Caption of 1.jpg")).to_have_value("First")


def test_a_picture_taken_back_on_its_way_never_arrives(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    held: list[Route] = []
    page.goto(sandbox.shop + FORM)
    page.route(door(page), lambda route: held.append(route) if not held else route.continue_())
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 1))
    expect(page.locator("[data-photos]")).to_have_attribute("aria-busy", "true")
    page.get_by_role("button", name="Remove 1.jpg").click()
    expect(page.locator(".photo")).to_have_count(0)
    expect(page.locator("[data-photos]")).not_to_have_attribute("aria-busy", "true")
    assert left_in_the_field(page) == []


def test_a_form_sent_too_early_says_how_many_are_there(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    held: list[Route] = []
    page.goto(sandbox.shop + FORM)
    page.route(door(page), lambda route: held.append(route) if len(held) < 2 else route.continue_())
    fill(page, "early@example.com")
    page.get_by_label("Photos and videos").set_input_files(pictures(tmp_path, 2))
    expect(page.locator(".photo progress:visible")).to_have_count(2)
    page.get_by_role("button", name="Submit review").click()
    expect(page.locator("[data-photos-finishing]")).to_have_text("0 of 2 photos sent, finishing")
    held[0].continue_()
    expect(page.locator("[data-photos-finishing]")).to_have_text("1 of 2 photos sent, finishing")
    held[1].continue_()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()


def test_cards_are_within_a_thumbs_and_a_screen_readers_reach(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(sandbox.shop + FORM)
    page.get_by_label("Photos and videos").set_input_files([*pictures(tmp_path, 2), str(tmp_path / "notes.txt")])
    expect(page.locator(".photo-staged")).to_have_count(2, timeout=PATIENT)
    expect(page.locator(".photo-refused")).to_have_count(1)
    assert axe(page) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
