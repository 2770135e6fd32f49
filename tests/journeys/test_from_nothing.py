"""A merchant who begins with nothing, up to the buyer's code: every step in a browser, the clock moved once."""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.fakes.program import TOP, eventually
from tests.fakes.shop import hmac_base64
from tests.journeys.conftest import Sandbox
from tests.journeys.test_an_order_by_link import star_links

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(600)]
SLUG, OWNER, BUYER = "fern", "robin@fern.example", "anna.lee@example.org"
COUPON = "10% off your next order"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, locale="en-US")
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


def post_order(sandbox: Sandbox, secret: str) -> None:
    """Delivered just now, three products nobody told us of before."""
    now = datetime.now(UTC)
    lines = [{"id": n, "product_id": f"p-{n}", "title": title, "quantity": 1} for n, title in enumerate(TITLES)]
    order = {
        "id": "9001",
        "number": "#9001",
        "email": BUYER,
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
    answer = requests.post(f"{sandbox.shop}/callbacks/{SLUG}/orders", data=body, headers=headers, timeout=10)
    assert answer.status_code < 300, answer.text


TITLES = ("Moss Blanket", "Pine Soap", "Oak Bowl")


def test_from_an_empty_house_to_a_buyers_code(sandbox: Sandbox, page: Page, phone: Page) -> None:
    join(sandbox, page)
    prove_the_sender(sandbox, page)
    offer_a_reward(sandbox, page)
    switch_on(sandbox, page)
    page.goto(f"{sandbox.shop}/merchant/{SLUG}/settings/integrations/orders")
    page.get_by_role("button", name="Make a secret", exact=True).click()
    post_order(sandbox, page.get_by_label("Secret", exact=True).input_value())
    page.goto(f"{sandbox.shop}/merchant/{SLUG}/requests")
    expect(page.get_by_text("Anna Lee")).to_be_visible()
    page.goto(f"{sandbox.shop}/merchant/{SLUG}/products")
    expect(page.get_by_text("Needs a picture")).to_have_count(3)

    at = (datetime.now(UTC) + timedelta(days=15)).replace(hour=17)
    assert "mails sent: 0" not in flask(sandbox, "send-due-requests", "--at", at.isoformat())
    mail = mail_to(sandbox, BUYER, "How is your")
    assert len(star_links(mail)) == 15
    assert f"get {COUPON}" in mail["text"]
    review_all(phone, star_links(mail))
    code = mail_to(sandbox, BUYER, "Your code from")
    assert re.search(r"\nFERN-\w+", code["text"])
    page.goto(f"{sandbox.shop}/merchant/{SLUG}/settings/rewards")
    expect(page.get_by_text("24 left, 1 given")).to_be_visible()


def join(sandbox: Sandbox, page: Page) -> None:
    page.goto(flask(sandbox, "create-store", SLUG, "--name", "Fern & Field").split()[-1])
    page.get_by_label("Your name").fill("Robin")
    page.get_by_label("Email").fill(OWNER)
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Create the account and join").click()
    expect(page.get_by_role("heading", name="Fern & Field")).to_be_visible()


def prove_the_sender(sandbox: Sandbox, page: Page) -> None:
    """An address of the shop's own, its DNS lines, a test mail."""
    page.goto(f"{sandbox.shop}/merchant/{SLUG}/settings/emails")
    expect(page.get_by_text("Requests do not go out by themselves yet")).to_be_visible()
    page.get_by_label("Sender address").fill("hello@fern.example")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#spf-value")).to_have_value(re.compile("v=spf1 ip4:127.0.0.1 ~all"))
    expect(page.locator("#dmarc-name")).to_have_value("_dmarc.fern.example")
    page.get_by_role("button", name=f"Send a test mail to {OWNER}").click()
    mail = mail_to(sandbox, OWNER, "Test mail of Fern & Field")
    assert mail["mail_from"] == "hello@fern.example"
    found = re.search(r"http://\S+/received/\S+", mail["text"])
    assert found
    page.goto(found.group(0))
    page.get_by_role("button", name="I received it").click()
    expect(page.get_by_text("Requests may go out by themselves.")).to_be_visible()


def offer_a_reward(sandbox: Sandbox, page: Page) -> None:
    page.goto(f"{sandbox.shop}/merchant/{SLUG}/settings/rewards")
    page.get_by_label("A new coupon gives").fill(COUPON)
    page.get_by_role("button", name="Add the coupon").click()
    page.get_by_text("Add codes").first.click()
    page.get_by_label("Beginning with").fill("FERN")
    page.get_by_label("How many").fill("25")
    with page.expect_download():
        page.get_by_role("button", name="Make and download").click()
    page.reload()
    page.get_by_label("Give coupons for reviews").check()
    page.get_by_label("A review earns").select_option(label=COUPON)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"On. A review earns {COUPON}. Stars make no difference.")).to_be_visible()


def switch_on(sandbox: Sandbox, page: Page) -> None:
    """The rule is a sentence; what it means for an order of today stands beneath."""
    page.goto(f"{sandbox.shop}/merchant/{SLUG}/settings/requests")
    page.get_by_label("Ask by itself").check()
    page.get_by_label("Days after delivery", exact=True).first.fill("13")
    page.get_by_role("button", name="Save", exact=True).last.click()
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
