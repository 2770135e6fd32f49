"""Pages as they look after a press: refused, too old, run out, paused. Each leaves the demo as it was."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from playwright.sync_api import Page

from tests.journeys.conftest import Sandbox
from tests.looks.pages import FORM, HOUSE, Shown

KUSTOMER = f"{HOUSE}/settings/integrations/kustomer"
TYPED = "Dry after an hour in the wind, and the hood stays where it is."
AGE_TOKEN = "document.querySelectorAll('main [name=csrf_token]').forEach((one) => { one.value = 'of another day'; })"
State = Callable[[Page, Sandbox, Shown], None]


def form_refused(page: Page, sandbox: Sandbox, _shown: Shown) -> None:
    page.goto(sandbox.shop + FORM)
    page.get_by_role("button", name="Submit review").click()


def form_too_old(page: Page, sandbox: Sandbox, _shown: Shown) -> None:
    page.goto(sandbox.shop + FORM)
    page.get_by_label("4 stars, Good").check(force=True)
    page.get_by_label("Your review", exact=True).fill(TYPED)
    page.get_by_label("Your name").fill("Rowan Hale")
    page.get_by_label("Email").fill("rowan.hale@example.com")
    page.evaluate(AGE_TOKEN)
    page.get_by_role("button", name="Submit review").click()
    page.wait_for_load_state()


def sign_in_too_old(page: Page, sandbox: Sandbox, _shown: Shown) -> None:
    sign_in_with("demo-merchant", page, sandbox, first=AGE_TOKEN)


def sign_in_refused(page: Page, sandbox: Sandbox, _shown: Shown) -> None:
    sign_in_with("not the password", page, sandbox)


def sign_in_with(password: str, page: Page, sandbox: Sandbox, *, first: str = "") -> None:
    page.goto(f"{sandbox.shop}/merchant/sign-in")
    page.get_by_label("Email").fill("demo@example.com")
    page.get_by_label("Password").fill(password)
    page.evaluate(first)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def link_ran_out(page: Page, sandbox: Sandbox, shown: Shown) -> None:
    page.goto(shown.before_sign_in["link-form"])
    page.get_by_label("Your review", exact=True).fill(TYPED)
    with ran_out(sandbox):
        page.get_by_role("button", name="Submit review").click()
        page.wait_for_load_state()


def kustomer_paused(page: Page, sandbox: Sandbox, _shown: Shown) -> None:
    page.goto(sandbox.shop + KUSTOMER)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Resume").wait_for()


def kustomer_resumed(page: Page, sandbox: Sandbox, _shown: Shown) -> None:
    page.goto(sandbox.shop + KUSTOMER)
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("button", name="Pause", exact=True).wait_for()


def settings_too_old(page: Page, sandbox: Sandbox, _shown: Shown) -> None:
    page.goto(f"{sandbox.shop}{HOUSE}/settings")
    page.evaluate(AGE_TOKEN)
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()


BEFORE_SIGN_IN: dict[str, State] = {
    "form-refused": form_refused,
    "form-too-old": form_too_old,
    "sign-in-too-old": sign_in_too_old,
    "sign-in-refused": sign_in_refused,
    "link-ran-out": link_ran_out,
}
SIGNED_IN: dict[str, State] = {
    "kustomer-paused": kustomer_paused,
    "kustomer-resumed": kustomer_resumed,
    "settings-too-old": settings_too_old,
}


@contextmanager
def ran_out(sandbox: Sandbox) -> Iterator[None]:
    """Every link of the demo has run out meanwhile."""
    with closing(sqlite3.connect(sandbox.data_dir / "reviews.sqlite3", timeout=10, isolation_level=None)) as line:
        before = line.execute("SELECT expires_at, id FROM review_request").fetchall()
        line.execute("UPDATE review_request SET expires_at = '2020-01-01 00:00:00.000000'")
        try:
            yield
        finally:
            line.executemany("UPDATE review_request SET expires_at = ? WHERE id = ?", before)
