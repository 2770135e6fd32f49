from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.outside.posted_review import posted_review
from tests.sandbox.outside.running import RunningOutside


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def test_a_review_appears_without_a_reload_and_what_is_open_stays_open(page: Page, outside: RunningOutside) -> None:
    outside.post(posted_review("one", title="The first"))
    page.goto(f"{outside.base}/kustomer")
    page.get_by_text("What was posted").click()
    outside.post(posted_review("two", title="The second"))
    expect(page.get_by_role("heading", name="The second")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("2 reviews received")
    expect(page.locator("details[open]")).to_have_count(1)


def test_the_first_review_takes_the_place_of_the_empty_words(page: Page, outside: RunningOutside) -> None:
    page.goto(f"{outside.base}/kustomer")
    expect(page.get_by_text("Nothing received yet")).to_be_visible()
    outside.post(posted_review(title="The first"))
    expect(page.get_by_role("heading", name="The first")).to_be_visible()
    expect(page.get_by_text("Nothing received yet")).to_have_count(0)


def test_a_person_is_shown_a_new_key_by_a_button(page: Page, outside: RunningOutside) -> None:
    page.goto(f"{outside.base}/kustomer")
    page.get_by_role("button", name="Make a new key").click()
    expect(page.get_by_role("heading", name="A new key")).to_be_visible()
    expect(page.get_by_text(outside.world.demo_key.key)).to_be_visible()
