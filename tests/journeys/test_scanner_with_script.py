"""A mail scanner that opens every link in a real browser, runs its scripts, and presses nothing."""

import re
import sqlite3
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Sandbox

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]
# What a review, a vote, a wish, an answer or an unsubscription would write.
TABLES = ("customer", "line_wish", "review", "review_request", "review_request_use", "review_version", "suppression")


def rows(sandbox: Sandbox) -> dict[str, list[tuple[Any, ...]]]:
    reading = sqlite3.connect(f"file:{sandbox.data_dir / 'reviews.sqlite3'}?mode=ro", uri=True)
    try:
        return {table: reading.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TABLES}
    finally:
        reading.close()


def links_of(mail: dict[str, Any]) -> list[str]:
    found = re.findall(r'href="([^"]+/r/[^"]+)"', mail["html"].replace("&amp;", "&"))
    return list(dict.fromkeys(found))


def test_a_browser_that_opens_every_link_and_presses_nothing_changes_nothing(sandbox: Sandbox, page: Page) -> None:
    links = links_of(next(one for one in sandbox.mails() if links_of(one)))
    assert any("rating=5" in link for link in links)
    assert any("unsubscribe" in link for link in links)
    before = rows(sandbox)
    posted: list[str] = []
    page.on("request", lambda sent: posted.append(sent.url) if sent.method not in {"GET", "HEAD"} else None)
    for link in links:
        page.goto(link, wait_until="load")
        page.mouse.wheel(0, 4000)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.goto("about:blank")
    assert posted == []
    assert rows(sandbox) == before
