"""A contact sheet of every page: 360, 768 and 1440 px, light and dark, one set in German and one in Arabic.

Pictures and sheets go to `looks/`, which git ignores.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.fakes.browser import QUIET, browser_path
from tests.fakes.program import TOP, eventually
from tests.fakes.sandbox_process import started
from tests.journeys.conftest import Sandbox, is_filled, three_free_ports
from tests.looks.mails import every_letter
from tests.looks.pages import FORM, PRODUCT, Shown, every_page
from tests.looks.states import BEFORE_SIGN_IN, SIGNED_IN, State

OUT = TOP / "looks"
WIDTHS = (360, 768, 1440)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
THUMB = (300, 560)
PICTURES_SHOWN = """() => Promise.all([document.fonts.ready, ...[...document.images].map((one) => {
  one.loading = "eager";
  return one.decode().catch(() => {});
})])"""


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(three_free_ports(), Path(folder))
        with started(sandbox.port, sandbox.data_dir), sync_playwright() as playwright:
            eventually(lambda: is_filled(sandbox), within=120)
            browser = playwright.chromium.launch(executable_path=browser_path(), args=QUIET)
            shown = found(browser, sandbox)
            for width in WIDTHS:
                for scheme in SCHEMES:
                    sheet(browser, sandbox, shown, width, scheme)
            for language in ("de", "ar"):
                in_language(browser, sandbox, language)
            browser.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.name}/")


def found(browser: Browser, sandbox: Sandbox) -> Shown:
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    sign_in(page, sandbox)
    shown = every_page(page, sandbox)
    context.close()
    return shown


def sheet(browser: Browser, sandbox: Sandbox, shown: Shown, width: int, scheme: Literal["light", "dark"]) -> None:
    """Every page at one width in one scheme, and all of them on one sheet."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    end = f"{width}-{scheme}"
    taken = [take(page, url, f"{name}-{end}") for name, url in shown.before_sign_in.items()]
    taken += [in_state(page, sandbox, shown, state, f"{name}-{end}") for name, state in BEFORE_SIGN_IN.items()]
    sign_in(page, sandbox)
    taken += [take(page, url, f"{name}-{end}") for name, url in shown.signed_in.items()]
    taken += [in_state(page, sandbox, shown, state, f"{name}-{end}") for name, state in SIGNED_IN.items()]
    taken += [letter(page, content.html, f"{name}-{end}") for name, content in every_letter().items()]
    context.close()
    contact(taken, OUT / f"sheet-{end}.png")


def in_language(browser: Browser, sandbox: Sandbox, language: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 900})
    page = context.new_page()
    paths = {"product": PRODUCT, "form": FORM}
    taken = [take(page, f"{sandbox.shop}{path}?lang={language}", f"{name}-{language}") for name, path in paths.items()]
    context.close()
    contact(taken, OUT / f"sheet-{language}.png")


def sign_in(page: Page, sandbox: Sandbox) -> None:
    page.goto(f"{sandbox.shop}/merchant/sign-in")
    page.get_by_label("Email").fill("demo@example.com")
    page.get_by_label("Password").fill("demo-merchant")
    page.get_by_role("button", name="Sign in").click()


def in_state(page: Page, sandbox: Sandbox, shown: Shown, state: State, name: str) -> Path:
    state(page, sandbox, shown)
    return picture(page, name)


def letter(page: Page, html: str, name: str) -> Path:
    page.goto("about:blank")
    page.set_content(html)
    return picture(page, name)


def take(page: Page, url: str, name: str) -> Path:
    page.goto(url)
    return picture(page, name)


def picture(page: Page, name: str) -> Path:
    page.evaluate(PICTURES_SHOWN)
    path = OUT / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def contact(paths: list[Path], out: Path) -> None:
    """Thumbnails side by side, the top of each page."""
    columns = 6
    rows = -(-len(paths) // columns)
    board = Image.new("RGB", (columns * (THUMB[0] + 12), rows * (THUMB[1] + 12)), "#777")
    for place, path in enumerate(paths):
        with Image.open(path) as opened:
            small = opened.convert("RGB").resize((THUMB[0], max(1, opened.height * THUMB[0] // opened.width)))
        small = small.crop((0, 0, THUMB[0], min(small.height, THUMB[1])))
        at = (place % columns * (THUMB[0] + 12) + 6, place // columns * (THUMB[1] + 12) + 6)
        board.paste(small, at)
    board.save(out)


if __name__ == "__main__":
    main()
