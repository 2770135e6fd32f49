"""A buyer of three products on a phone: from the mail's star over every line of the order to the last mail."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Sandbox, axe
from tests.journeys.test_targets import SMALL

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]
BUYER = "eli.foster@example.com"
FIRST = "The grips stay dry, and nine miles in nothing rubs."
LATER = "The grips stay dry, but one tip came off in the scree."


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A script error or anything wider than the screen fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, locale="en-US")
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    yield opened
    context.close()
    assert troubles == []


def star_links(mail: dict[str, Any]) -> list[str]:
    return re.findall(r'href="([^"]+/r/[^"]+rating=\d)"', mail["html"].replace("&amp;", "&"))


def line_of(page: Page, standing: str) -> Any:
    return page.locator(".order-line", has_text=standing)


def done(page: Page, count: int) -> None:
    expect(page.get_by_text(f"{count} of 3 done")).to_be_visible()
    holds(page)
    assert page.evaluate(SMALL) == []


def holds(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_three_products_on_a_phone_one_reviewed_one_later_one_skipped(sandbox: Sandbox, phone: Page) -> None:
    links = star_links(next(one for one in sandbox.mails() if one["recipients"] == [BUYER]))
    assert [link[-1] for link in links] == [*"12345"] * 3
    phone.goto(links[3])
    done(phone, 0)
    expect(phone.get_by_text("You chose 4 stars. You can change it.")).to_be_visible()
    expect(line_of(phone, "ask me in 2 weeks")).to_have_count(2)
    expect(phone.get_by_text("Something wrong with the order?")).to_be_visible()
    assert axe(phone) == []

    too_long(phone)
    phone.get_by_label("Your review", exact=True).fill(FIRST)
    phone.get_by_role("button", name="Submit review").click()
    done(phone, 1)
    # Who it is was said once: the next form has it, folded.
    expect(phone.locator("summary")).to_contain_text("Shown as")
    expect(phone.get_by_label("Your name")).to_be_hidden()

    phone.get_by_role("button", name="Not tried yet, ask me in 2 weeks").first.click()
    expect(phone.get_by_text("We ask again about")).to_be_visible()
    phone.get_by_role("button", name="Skip").first.click()
    expect(phone.get_by_text("Nobody asks about it again.")).to_be_visible()
    expect(phone.get_by_role("heading", name="That is all. Thank you.")).to_be_visible()
    done(phone, 1)

    change_and_delete(sandbox, phone)


def too_long(phone: Page) -> None:
    """A name of one long word, and more letters than fit."""
    name = phone.get_by_label("Your name")
    known = name.input_value()
    name.fill("W" * 100)
    expect(phone.locator("[data-shown]").first).to_have_text("W" * 100)
    holds(phone)
    name.fill(known)
    phone.get_by_label("Your review", exact=True).fill("x" * 10_002)
    expect(phone.get_by_text("Up to 10000 letters fit here. This is 2 too long.").first).to_be_visible()


def change_and_delete(sandbox: Sandbox, phone: Page) -> None:
    phone.get_by_role("link", name="Change it").click()
    expect(phone.get_by_label("Your review", exact=True)).to_have_value(FIRST)
    assert axe(phone) == []
    phone.get_by_label("Your review", exact=True).fill(LATER)
    phone.get_by_role("button", name="Save the changes").click()
    expect(phone.get_by_role("heading", name="Your review is changed. Thank you.")).to_be_visible()
    expect(phone.get_by_text(LATER)).to_be_visible()
    expect(phone.get_by_text("Edited")).to_be_visible()
    order = phone.url.partition("?")[0].rpartition("/")[0]

    phone.get_by_role("link", name="Delete it").click()
    assert axe(phone) == []
    phone.get_by_role("link", name="Keep it").click()
    expect(line_of(phone, "Reviewed. Thank you")).to_have_count(1)
    phone.get_by_role("link", name="Delete it").click()
    phone.get_by_role("button", name="Delete it for good").click()
    expect(line_of(phone, "You deleted your review")).to_have_count(1)
    assert sandbox.event_of(FIRST, within=20)["review"]["rating"] == 4
    assert [one for one in sandbox.events() if one["review"]["body"] == LATER] == []

    phone.goto(f"{order}/unsubscribe")
    expect(phone.get_by_role("heading", name="No more of these mails?")).to_be_visible()
    phone.get_by_role("button", name="Stop these mails").click()
    expect(phone.get_by_role("status")).to_contain_text("will not ask you again")
