import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sandbox
from tests.journeys.contract import as_said

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

# Of the demo's buyers the one whose link no other journey uses.
BUYER = "harper.cole@example.com"


def links_of(html: str) -> list[str]:
    return re.findall(r'href="([^"]+/r/[^"]+rating=4)"', html.replace("&amp;", "&"))


def test_the_mailed_star_opens_the_form_and_the_review_arrives_verified(sandbox: Sandbox, page: Page) -> None:
    mail = next(one for one in sandbox.mails() if one["recipients"] == [BUYER])
    link = links_of(mail["html"])[0]
    page.goto(link)
    expect(page.get_by_label("4 stars, Good")).to_be_checked()
    assert page.get_by_label("Your name").input_value()
    name = page.get_by_label("Your name").input_value()
    body = "By the link: it does what I bought it for, and the box was small."
    page.get_by_label("Your review", exact=True).fill(body)
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_text("Reviewed. Thank you")).to_be_visible()
    event = as_said(sandbox.event_of(body, within=20))
    assert event["orderId"] in mail["text"] or event["orderId"] in mail["html"]
    assert event["reviewerEmail"] == mail["recipients"][0]
    assert event["reviewer"]["name"] == name
    assert event["review"] == {
        "rating": 4,
        "title": "",
        "body": body,
        "isRecommended": None,
        "sentiment": "positive",
        "languageCode": "en",
        "source": "review-request-email",
    }
    assert (event["media"], event["attributes"]) == ((0, 0), [])
    page.goto(link)
    expect(page.get_by_role("heading", name="You reviewed this already. Thank you.")).to_be_visible()
    expect(page.get_by_text("Verified buyer")).to_be_visible()
