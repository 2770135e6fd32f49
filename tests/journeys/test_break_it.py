"""The panel of the start page, pressed as it asks to be: what breaks costs no review."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from reviews_app.sandbox.processes import start, stop
from tests.fakes.program import eventually
from tests.journeys.conftest import Sandbox
from tests.journeys.contract import as_said
from tests.journeys.test_merchant import sign_in
from tests.journeys.test_write_review import PRODUCT, fill, said

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

# The scheduler rings again for what waits, at the latest after this many seconds on a busy machine.
PATIENT = 150


@pytest.fixture
def panel(sandbox: Sandbox, page: Page) -> Iterator[Page]:
    """The start page, and all put right at the end."""
    page.goto(sandbox.shop)
    yield page
    page.goto(sandbox.shop)
    for name in ("Put it right", "Start the worker"):
        if page.get_by_role("button", name=name).count():
            page.get_by_role("button", name=name).click()


def press(panel: Page, name: str, *, then: str) -> None:
    panel.get_by_role("button", name=name).click()
    expect(panel.get_by_role("button", name=then)).to_be_visible()


def leave(sandbox: Sandbox, page: Page, body: str) -> None:
    page.goto(f"{sandbox.shop}{PRODUCT}/reviews/new")
    fill(page, body)
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()


def has_arrived(sandbox: Sandbox, body: str) -> bool:
    return any(event["review"]["body"] == body for event in sandbox.events())


def expect_all_arrived(sandbox: Sandbox, page: Page) -> None:
    page.goto(sandbox.shop)
    expect(page.locator("[data-standing]")).to_contain_text("waiting 0 · lost 0", timeout=PATIENT * 1000)


def test_a_stopped_worker_costs_no_review(sandbox: Sandbox, panel: Page) -> None:
    body = "Left while the worker was stopped: the zip still runs after two winters."
    # A review that somebody left before may wait for its pictures for up to a minute.
    expect(panel.locator("[data-standing]")).to_contain_text("waiting 0 · lost 0", timeout=70_000)
    press(panel, "Stop the worker", then="Start the worker")
    leave(sandbox, panel, body)
    panel.goto(sandbox.shop)
    expect(panel.locator("[data-standing]")).to_contain_text("waiting 1 · lost 0")
    assert not has_arrived(sandbox, body)
    press(panel, "Start the worker", then="Stop the worker")
    assert as_said(sandbox.event_of(body, within=PATIENT)) == said(body)
    expect_all_arrived(sandbox, panel)


@pytest.mark.faults
def test_a_stopped_queue_costs_no_review(sandbox: Sandbox, panel: Page) -> None:
    body = "Left while the queue was stopped: the cord lock froze once and never again."
    stop(sandbox.data_dir, "queue")
    try:
        leave(sandbox, panel, body)
        assert not has_arrived(sandbox, body)
    finally:
        start(sandbox.data_dir, "queue")
    assert as_said(sandbox.event_of(body, within=PATIENT)) == said(body)
    expect_all_arrived(sandbox, panel)


@pytest.mark.faults
def test_answers_of_500_are_seen_by_the_merchant_and_cost_no_review(sandbox: Sandbox, panel: Page) -> None:
    body = "Left while Kustomer answered 500: a good collar, and sleeves a little long."
    panel.request.post(f"{sandbox.outside}/kustomer/behaviour", data={"status": 500, "times": 3})
    leave(sandbox, panel, body)
    sign_in(sandbox, panel)
    panel.goto(f"{sandbox.shop}/merchant/demo/deliveries")
    panel.locator(".rows a").first.click()
    expect_tries(panel, 2)
    panel.get_by_role("button", name="Send again").click()
    expect_tries(panel, 3)
    panel.get_by_role("button", name="Send again").click()
    assert as_said(sandbox.event_of(body, within=PATIENT)) == said(body)
    panel.reload()
    expect(panel.get_by_text("Kustomer has it", exact=True)).to_be_visible()
    expect_all_arrived(sandbox, panel)


def expect_tries(page: Page, count: int) -> None:
    """So many tries that met Kustomer's fault stand on the delivery's page."""

    def reloaded() -> bool:
        page.wait_for_timeout(500)
        page.reload()
        return page.get_by_text("Kustomer had a fault of its own.").count() == count

    eventually(reloaded, within=PATIENT)
