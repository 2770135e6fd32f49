"""A merchant who knows nothing of queues reads on the pages why reviews stopped, and gets them all delivered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from reviews_app.config import Settings
from tests.factories.member import signed_in
from tests.fakes.clock import FakeClock
from tests.fakes.kustomer_shop import MERCHANT, KustomerShop, kustomer_shop

pytestmark = [pytest.mark.xdist_group("kustomer shop"), pytest.mark.timeout(240)]


@pytest.fixture
def shop(settings: Settings, clock: FakeClock, tmp_path: Path) -> Iterator[KustomerShop]:
    # A busy machine is no fault of the pages.
    expect.set_options(timeout=30_000)
    with kustomer_shop(settings, clock, tmp_path) as opened:
        yield opened
    expect.set_options(timeout=5_000)


def connect(shop: KustomerShop) -> None:
    shop.connect(key=shop.outside.world.demo_key.key, url=shop.outside.hook)


def come_home(shop: KustomerShop, page: Page) -> None:
    """The merchant, signed in before, stands in front of Home, knowing nothing."""
    cookies = signed_in(shop.app, MERCHANT).get("/merchant").request.cookies
    page.context.add_cookies([{"name": name, "value": value, "url": shop.base} for name, value in cookies.items()])
    page.goto(f"{shop.base}/merchant/larkspur")
    expect(page.get_by_role("heading", name="Larkspur")).to_be_visible()


def sentence(page: Page) -> str:
    return " ".join(page.locator(".sentence").inner_text().split())


def test_the_key_has_expired(shop: KustomerShop, page: Page) -> None:
    connect(shop)
    shop.outside.press("/kustomer/key/expire")
    shop.leave(3)
    for minutes in (0, 3, 1):
        shop.pass_time(minutes=minutes)
    assert shop.subjects() == ["Kustomer does not take reviews of Larkspur"]

    come_home(shop, page)
    expect(page.get_by_role("alert")).to_contain_text("Expired token")
    page.get_by_role("link", name="Put it right.").click()
    assert sentence(page).startswith("On, and waiting for you. Kustomer has 0 of 3 reviews")
    expect(page.get_by_text("has run out")).to_be_visible()
    expect(page.get_by_text("3 reviews are held here and nothing is lost")).to_be_visible()
    fresh = shop.outside.press("/kustomer/key").json()["key"]
    page.get_by_label("API Key").fill(fresh)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("tried with one review first")).to_be_visible()

    shop.pass_time(seconds=15)
    shop.pass_time(minutes=1)
    page.reload()
    assert sentence(page).startswith("On. Kustomer has 3 of 3 reviews")
    expect(page.get_by_text("Kustomer takes reviews again since")).to_be_visible()
    assert shop.arrived() == 3
    assert shop.subjects()[1:] == ["Kustomer takes reviews of Larkspur again"]


def test_the_hook_was_deleted(shop: KustomerShop, page: Page) -> None:
    shop.connect(key=shop.outside.world.demo_key.key, url=f"{shop.outside.base}/v1/hooks/web/0000000000000000000000aa")
    shop.leave(2)
    for minutes in (0, 1, 1):
        shop.pass_time(minutes=minutes)

    come_home(shop, page)
    expect(page.get_by_role("alert")).to_contain_text("Kustomer knows no hook at this address")
    page.get_by_role("link", name="Put it right.").click()
    expect(page.get_by_text("The hook it starts with was deleted")).to_be_visible()
    page.get_by_label("API URL").fill(shop.outside.hook)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("tried with one review first")).to_be_visible()

    shop.pass_time(seconds=15)
    page.reload()
    assert sentence(page).startswith("On. Kustomer has 2 of 2 reviews")
    assert shop.arrived() == 2


def test_kustomer_was_down_for_a_day(shop: KustomerShop, page: Page) -> None:
    connect(shop)
    shop.outside.behave(status=503)
    shop.leave(6)
    # All six are tried within their first hour, however busy the machine is.
    for _ in range(3):
        shop.pass_time()
    for _ in range(24):
        shop.pass_time(hours=1)
    asked = int(shop.outside.counts()["requests"])

    come_home(shop, page)
    page.get_by_role("link", name="Deliveries").first.click()
    page.locator(".rows a").last.click()
    expect(page.get_by_text("Kustomer had a fault of its own.").first).to_be_visible()
    page.goto(shop.settings_page)
    assert "Kustomer has not been answering since 23 Nov, 13:00" in sentence(page)
    assert "Nothing is lost and there is nothing for you to do." in sentence(page)
    assert asked <= 6 + 24 * 6
    assert shop.subjects() == []

    shop.outside.behave()
    shop.pass_time(minutes=10)
    shop.pass_time(seconds=15)
    page.reload()
    assert sentence(page).startswith("On. Kustomer has 6 of 6 reviews")
    assert shop.arrived() == 6


def test_somebody_paused_it(shop: KustomerShop, page: Page) -> None:
    connect(shop)
    come_home(shop, page)
    page.goto(shop.settings_page)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Reviews are kept and go out when you resume.")).to_be_visible()
    shop.leave(2)
    shop.pass_time(hours=5)
    assert shop.arrived() == 0

    page.goto(f"{shop.base}/merchant/larkspur")
    expect(page.get_by_text("Kustomer is paused. 2 held.")).to_be_visible()
    page.get_by_role("link", name="Deliveries").first.click()
    expect(page.get_by_text("Sending is paused.")).to_be_visible()
    page.get_by_role("link", name="Resume it").click()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("What was held is on its way.")).to_be_visible()

    shop.pass_time(seconds=15)
    page.reload()
    assert sentence(page).startswith("On. Kustomer has 2 of 2 reviews")
    assert shop.arrived() == 2
