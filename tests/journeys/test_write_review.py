from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Sandbox
from tests.journeys.contract import DRIFT_M, as_said

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

PRODUCT = "/stores/demo/products/drift-rain-shell"


def picture(path: Path, colour: str) -> str:
    Image.new("RGB", (800, 600), colour).save(path, "JPEG")
    return str(path)


def address(body: str) -> str:
    return f"{sha256(body.encode()).hexdigest()[:12]}@example.com"


def fill(page: Page, body: str) -> None:
    page.get_by_label("4 stars, Good").check()
    page.get_by_label("Your review", exact=True).fill(body)
    page.get_by_label("Review title").fill("Kept me dry")
    page.get_by_label("Which one did you buy?").select_option(label="M")
    page.get_by_label("Day hikes").check()
    page.get_by_label("Travel").check()
    fit = page.get_by_role("group", name="Fit")
    fit.get_by_label("2").check()
    page.get_by_role("group", name="Comfort").get_by_label("5").check()
    page.get_by_role("group", name="Size you usually wear").get_by_label("L", exact=True).check()
    recommend = page.get_by_role("group", name="Would you recommend this product?")
    recommend.get_by_label("Yes").check()
    page.get_by_label("Every month").check()
    page.get_by_label("Your name").fill("Reviewer McGee")
    page.get_by_label("Email").fill(address(body))
    page.get_by_label("Country or region").select_option("AU")


def said(body: str) -> dict[str, Any]:
    """The event of what `fill` filled in."""
    return {
        "reviewerEmail": address(body),
        "orderId": None,
        "review": {
            "rating": 4,
            "title": "Kept me dry",
            "body": body,
            "isRecommended": True,
            "sentiment": "positive",
            "languageCode": "en",
            "source": "write-review-button",
        },
        "reviewer": {"displayName": "Reviewer M.", "name": "Reviewer McGee", "countryCode": "AU"},
        "reward": None,
        "media": (0, 0),
        "attributes": [
            {"title": "What did you use it for?", "value": ["Day hikes", "Travel"]},
            {"title": "Fit", "value": -1},
            {"title": "Comfort", "value": 5},
            {"title": "Size you usually wear", "value": "L"},
            {"title": "How often are you outdoors?", "value": "Every month"},
        ],
        "product": DRIFT_M,
    }


def test_a_review_from_the_button_reaches_kustomer_as_the_contract_says(sandbox: Sandbox, page: Page) -> None:
    body = "Two hours of drizzle over the pass, and my shirt stayed dry. The hood is the best part."
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(sandbox.shop + PRODUCT)
    page.get_by_role("link", name="Write a review").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    fill(page, body)
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    assert as_said(sandbox.event_of(body, within=20)) == said(body)


def test_two_photos_travel_with_the_review(sandbox: Sandbox, page: Page, tmp_path: Path) -> None:
    body = "The seam of the left sleeve after one winter, from both sides. It held so far."
    page.goto(f"{sandbox.shop}{PRODUCT}/reviews/new")
    fill(page, body)
    files = [picture(tmp_path / "left.jpg", "teal"), picture(tmp_path / "right.jpg", "brown")]
    page.get_by_label("Photos and videos").set_input_files(files)
    expect(page.get_by_text("Photo 2 of 2 sent.")).to_be_visible()
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    event = sandbox.event_of(body, within=70)
    assert as_said(event) == said(body) | {"media": (2, 0)}
    media = event["media"]
    for address in media["imageUrls"]:
        answer = page.request.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
        assert Image.open(BytesIO(answer.body())).size == (800, 600)


def test_without_script_errors_keep_every_word_and_picture(sandbox: Sandbox, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{sandbox.shop}{PRODUCT}/reviews/new")
    page.get_by_label("Your review", exact=True).fill("Long walk, <b>short</b> rain.")
    page.get_by_label("Photos and videos").set_input_files(picture(tmp_path / "wet.jpg", "navy"))
    page.get_by_role("button", name="Submit review").click()
    assert page.title().startswith("Error:")
    expect(page.get_by_role("alert")).to_contain_text("Choose a star, from 1 to 5.")
    expect(page.get_by_label("Your review", exact=True)).to_have_value("Long walk, <b>short</b> rain.")
    expect(page.get_by_text("wet.jpg")).to_be_visible()
    page.get_by_label("3 stars, Okay").check()
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("Email").fill("ana@example.com")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    assert sandbox.event_of("Long walk, <b>short</b> rain.", within=70)["media"]["imageCount"] == 1
    context.close()


def test_by_keyboard_alone(sandbox: Sandbox, page: Page) -> None:
    page.goto(f"{sandbox.shop}/stores/demo/products/hearth-enamel-mug/reviews/new")
    page.get_by_label("1 star, Very poor").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("5 stars, Very good")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Typed without a mouse, and it drinks well.")
    page.get_by_label("Your name").focus()
    page.keyboard.type("Kai Key")
    page.get_by_label("Email").focus()
    page.keyboard.type("kai.key@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()


def test_back_closes_the_dialog_and_a_draft_is_offered_again(sandbox: Sandbox, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{sandbox.shop}/stores/demo/products/ridge-daypack")
    page.get_by_role("link", name="Write a review").click()
    page.get_by_label("Your review", exact=True).fill("Half a thought about straps")
    page.wait_for_timeout(500)
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Write a review").click()
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Your review", exact=True)).to_have_value("Half a thought about straps")


@pytest.mark.parametrize("width", [360, 768])
def test_below_the_dialogs_width_the_button_goes_to_the_page(sandbox: Sandbox, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{sandbox.shop}{PRODUCT}")
    page.get_by_role("link", name="Write a review").click()
    if width < 768:
        expect(page).to_have_url(f"{sandbox.shop}{PRODUCT}/reviews/new")
    else:
        expect(page.get_by_role("dialog")).to_be_visible()
