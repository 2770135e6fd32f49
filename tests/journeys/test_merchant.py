import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sandbox

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

KUSTOMER = "/merchant/demo/settings/integrations/kustomer"


def sign_in(sandbox: Sandbox, page: Page) -> None:
    page.goto(f"{sandbox.shop}/merchant/sign-in")
    page.get_by_label("Email").fill("demo@example.com")
    page.get_by_label("Password").fill("demo-merchant")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Larkspur Outfitters")).to_be_visible()


def test_a_test_review_is_sent_and_its_delivery_shown(sandbox: Sandbox, page: Page) -> None:
    sign_in(sandbox, page)
    page.goto(sandbox.shop + KUSTOMER)
    page.get_by_role("button", name="Send a test review").click()
    title = "Test from Larkspur Outfitters: safe to delete"
    expect(page.get_by_text(title).first).to_be_visible()
    for _ in range(40):
        if any(event["review"]["title"] == title for event in sandbox.events()):
            break
        page.wait_for_timeout(250)
    page.reload()
    expect(page.get_by_text("Kustomer has it", exact=True)).to_be_visible()


def test_the_key_is_nowhere_after_it_was_saved(sandbox: Sandbox, page: Page) -> None:
    sign_in(sandbox, page)
    page.goto(sandbox.shop + KUSTOMER)
    saved = page.get_by_text("Saved, ends in").inner_text()
    key = page.request.post(f"{sandbox.outside}/kustomer/key").json()["key"]
    page.get_by_label("API Key").fill(key)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Saved, ends in {key[-4:]}.")).to_be_visible()
    assert saved
    assert key not in page.content()
    written = [path for path in sandbox.data_dir.rglob("*") if path.is_file() and path.name != "kustomer.json"]
    assert len(written) > 5
    assert [str(path) for path in written if key.encode() in path.read_bytes()] == []


def test_an_address_elsewhere_is_refused_next_to_its_field(sandbox: Sandbox, page: Page) -> None:
    sign_in(sandbox, page)
    page.goto(sandbox.shop + KUSTOMER)
    page.get_by_label("API URL").fill("https://evil.example/v1/hooks/web/abc")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#api_url-error")).to_contain_text("its host ends with .kustomerapp.com")
    expect(page.get_by_label("API URL")).to_have_value("https://evil.example/v1/hooks/web/abc")


def test_a_waiting_review_is_read_published_and_answered(sandbox: Sandbox, page: Page) -> None:
    sign_in(sandbox, page)
    page.get_by_role("link", name="Reviews").first.click()
    page.locator(".rows a").first.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".house-head").get_by_text("Published")).to_be_visible()
    page.get_by_label("Your reply").fill("Thank you for telling us. Robin, Larkspur")
    page.get_by_role("button", name="Save the reply").click()
    expect(page.get_by_text("Your reply is saved.")).to_be_visible()
