"""A merchant who begins with nothing, up to the buyer's code: every step in a browser, the clock moved once.

Once on a phone and once at a desk: nothing is wider than the screen, and each step is there.
"""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.fakes.program import TOP, eventually
from tests.fakes.shop import hmac_base64
from tests.journeys.conftest import Sandbox
from tests.journeys.test_an_order_by_link import star_links

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(600)]
COUPON = "10% off your next order"
PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1440, height=900)


@dataclass(frozen=True)
class Walk:
    """One merchant's way through a store of their own."""

    sandbox: Sandbox
    page: Page
    slug: str

    @property
    def owner(self) -> str:
        return f"robin@{self.slug}.example"

    @property
    def buyer(self) -> str:
        return f"anna@{self.slug}.example"

    def open(self, path: str) -> None:
        self.page.goto(f"{self.sandbox.shop}/merchant/{self.slug}{path}")
        self.holds()

    def press(self, name: str) -> None:
        """The last of that name: a form's first button is hidden, for Enter."""
        self.page.get_by_role("button", name=name, exact=True).last.click()
        self.page.wait_for_load_state()
        self.holds()

    def holds(self) -> None:
        size = self.page.viewport_size
        assert size
        assert self.page.evaluate("document.documentElement.scrollWidth") <= size["width"], self.page.url


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def walk(sandbox: Sandbox, page: Page, request: pytest.FixtureRequest) -> Walk:
    page.set_viewport_size(request.param)
    return Walk(sandbox, page, f"fern-{request.param['width']}")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="en-US")
    yield context.new_page()
    context.close()


def flask(sandbox: Sandbox, *arguments: str) -> str:
    """A command as an operator gives it, with the settings the sandbox wrote down for that."""
    lines = (sandbox.data_dir / "run" / "settings.env").read_text().splitlines()
    kept = dict(shlex.split(line)[0].split("=", 1) for line in lines)
    command = [sys.executable, "-m", "flask", *arguments]
    done = subprocess.run(command, cwd=TOP, env=os.environ | kept, capture_output=True, text=True, check=True)
    return done.stdout


def mail_to(sandbox: Sandbox, address: str, subject: str) -> dict[str, Any]:
    def found() -> list[dict[str, Any]]:
        return [one for one in sandbox.mails() if one["recipients"] == [address] and subject in one["subject"]]

    eventually(lambda: bool(found()), within=60)
    return found()[-1]


def post_order(walk: Walk, secret: str) -> None:
    """Delivered just now, three products nobody told us of before."""
    now = datetime.now(UTC)
    lines = [{"id": n, "product_id": f"p-{n}", "title": title, "quantity": 1} for n, title in enumerate(TITLES)]
    order = {
        "id": "9001",
        "number": "#9001",
        "email": walk.buyer,
        "name": "Anna Lee",
        "country": "US",
        "time_zone": "America/New_York",
        "placed_at": (now - timedelta(days=4)).isoformat(),
        "fulfilled_at": now.isoformat(),
        "delivered_at": now.isoformat(),
        "consent": {"basis": "opt_in", "text": "Yes, ask me.", "at": (now - timedelta(days=4)).isoformat()},
        "lines": [{**line, "id": str(line["id"])} for line in lines],
    }
    body, at = json.dumps(order).encode(), str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    headers = {
        "content-type": "application/json",
        "webhook-id": "order-9001",
        "webhook-timestamp": at,
        "webhook-signature": "v1," + hmac_base64(key, f"order-9001.{at}.".encode() + body),
    }
    answer = requests.post(f"{walk.sandbox.shop}/callbacks/{walk.slug}/orders", data=body, headers=headers, timeout=10)
    assert answer.status_code < 300, answer.text


TITLES = ("Moss Blanket", "Pine Soap", "Oak Bowl")


def test_from_an_empty_house_to_a_buyers_code(walk: Walk, phone: Page) -> None:
    page, sandbox = walk.page, walk.sandbox
    join(walk)
    prove_the_sender(walk)
    offer_a_reward(walk)
    switch_on(walk)
    walk.open("/settings/integrations/orders")
    walk.press("Make a secret")
    post_order(walk, page.get_by_label("Secret", exact=True).input_value())
    walk.open("/requests")
    expect(page.get_by_text("Anna Lee")).to_be_visible()
    walk.open("/products")
    expect(page.get_by_text("Needs a picture")).to_have_count(3)

    at = (datetime.now(UTC) + timedelta(days=15)).replace(hour=17)
    assert "mails sent: 0" not in flask(sandbox, "send-due-requests", "--at", at.isoformat())
    mail = mail_to(sandbox, walk.buyer, "How is your")
    assert len(star_links(mail)) == 15
    assert f"get {COUPON}" in mail["text"]
    review_all(phone, star_links(mail))
    code = mail_to(sandbox, walk.buyer, "Your code from")
    assert re.search(r"\nFERN-\w+", code["text"])
    walk.open("/settings/rewards")
    expect(page.get_by_text("24 left, 1 given")).to_be_visible()
    walk.open("/requests?state=reviewed")
    expect(page.locator(".chart")).to_be_visible()
    page.get_by_role("link", name="Anna Lee").click()
    expect(page.get_by_text("Reviewed Moss Blanket")).to_be_visible()
    walk.holds()


def join(walk: Walk) -> None:
    page = walk.page
    page.goto(flask(walk.sandbox, "create-store", walk.slug, "--name", "Fern & Field").split()[-1])
    page.get_by_label("Your name").fill("Robin")
    page.get_by_label("Email").fill(walk.owner)
    page.get_by_label("Password").fill("a-long-password")
    walk.press("Create the account and join")
    expect(page.get_by_role("heading", name="Fern & Field")).to_be_visible()


def prove_the_sender(walk: Walk) -> None:
    """An address of the shop's own, its DNS lines, a test mail."""
    page, sender = walk.page, f"hello@{walk.slug}.example"
    walk.open("/settings/emails")
    expect(page.get_by_text("Requests do not go out by themselves yet")).to_be_visible()
    page.get_by_label("Sender address").fill(sender)
    walk.press("Save")
    expect(page.locator("#spf-value")).to_have_value(re.compile("v=spf1 ip4:127.0.0.1 ~all"))
    expect(page.locator("#dmarc-name")).to_have_value(f"_dmarc.{walk.slug}.example")
    # What is copied letter by letter is seen to its end.
    assert page.locator("#dmarc-value").evaluate("one => one.scrollWidth <= one.clientWidth")
    assert page.locator("#dmarc-value").evaluate("one => one.scrollHeight <= one.clientHeight")
    # A worker looks the domain up; what it found shows without another press.
    walk.press("Check the domain")
    expect(page.get_by_text("It is being looked up now.")).to_have_count(0, timeout=30_000)
    expect(page.get_by_text("Not looked up")).to_have_count(0)
    walk.press(f"Send a test mail to {walk.owner}")
    mail = mail_to(walk.sandbox, walk.owner, "Test mail of Fern & Field")
    assert mail["mail_from"] == sender
    found = re.search(r"http://\S+/received/\S+", mail["text"])
    assert found
    page.goto(found.group(0))
    walk.press("I received it")
    expect(page.get_by_text("Requests may go out by themselves.")).to_be_visible()


def offer_a_reward(walk: Walk) -> None:
    page = walk.page
    walk.open("/settings/rewards")
    page.get_by_label("A new coupon gives").fill(COUPON)
    walk.press("Add the coupon")
    page.get_by_text("Add codes").first.click()
    page.get_by_label("Beginning with").fill("FERN")
    page.get_by_label("How many").fill("25")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make and download").click()
    assert len(download.value.path().read_text().split()) == 26
    # The page says so by itself: it said "0 left", and was pressed again.
    expect(page.get_by_text("25 codes made.")).to_be_visible()
    expect(page.get_by_text("25 left, 0 given")).to_be_visible()
    page.get_by_label("Give coupons for reviews").check()
    page.get_by_label("A review earns").select_option(label=COUPON)
    walk.press("Save")
    expect(page.get_by_text(f"On. A review earns {COUPON}. Stars make no difference.")).to_be_visible()


def switch_on(walk: Walk) -> None:
    """The rule is a sentence; what it means for an order of today stands beneath."""
    page = walk.page
    walk.open("/settings/requests")
    page.get_by_label("Ask by itself").check()
    page.get_by_label("Days after delivery", exact=True).first.fill("13")
    walk.press("Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Ask by itself")).to_be_checked()
    example = page.locator(".rule-example").inner_text()
    assert re.match(r"An order delivered today: mail \w{3} \d+ \w{3}, reminder \d+ \w{3}\.", example)


def review_all(phone: Page, links: list[str]) -> None:
    """Three reviews by one link; the next form opens after each."""
    phone.goto(links[4])
    for count in range(len(TITLES)):
        expect(phone.get_by_text(f"{count} of 3 done")).to_be_visible()
        if count:
            phone.get_by_label("4 stars, Good").check(force=True)
        phone.get_by_label("Your review", exact=True).fill(f"Number {count}: it does what it should, day by day.")
        phone.get_by_role("button", name="Submit review").click()
        # One code for each person and order: the first review earns it.
        expect(phone.get_by_text("The code it earns comes by mail.")).to_have_count(0 if count else 1)
    expect(phone.get_by_text("3 of 3 done")).to_be_visible()
