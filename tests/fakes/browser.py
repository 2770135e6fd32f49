"""One real browser a test process, shared by whatever drives pages: two drivers in one process do not mix."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium", "google-chrome", "chrome")


def browser_path() -> str:
    """Where Chromium lies."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "Chromium was not found: install it, or run make test"
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser_path(), args=QUIET)
        yield opened
        opened.close()
