import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Sandbox, axe
from tests.journeys.test_merchant import sign_in

pytestmark = [pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]

PUBLIC = [
    "/",
    "/stores/demo",
    "/stores/demo/products/ridge-daypack",
    "/stores/demo/products/ridge-daypack?stars=5&sort=lowest",
    "/stores/demo/products/canopy-two-person-tarp",
    "/stores/demo/products/ridge-daypack?lang=ar",
    "/stores/demo/products/drift-rain-shell/reviews/new",
    "/stores/demo/products/ridge-daypack/reviews/photos",
    "/stores/demo/nothing-here",
    "/merchant/sign-in",
    "/merchant/reset",
]
MERCHANT = [
    "/merchant/demo",
    "/merchant/demo/reviews",
    "/merchant/demo/reviews?state=published",
    "/merchant/demo/orders",
    "/merchant/demo/orders/new",
    "/merchant/demo/imports/orders",
    "/merchant/demo/requests",
    "/merchant/demo/settings/requests",
    "/merchant/demo/settings/requests/past?days=60&per_day=5",
    "/merchant/demo/products",
    "/merchant/demo/products/ridge-daypack",
    "/merchant/demo/deliveries",
    "/merchant/demo/settings",
    "/merchant/demo/settings/integrations",
    "/merchant/demo/settings/integrations/kustomer",
    "/merchant/demo/settings/attributes",
    "/merchant/demo/settings/attributes/new",
    "/merchant/demo/settings/integrations/orders",
    "/merchant/demo/settings/emails",
    "/merchant/demo/settings/emails/texts/en",
    "/merchant/demo/settings/rewards",
    "/merchant/demo/settings/members",
    "/merchant/demo/settings/photos",
]


def look(page: Page, url: str) -> list[str]:
    """axe, nothing wider than the phone, and targets a thumb can hit."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(url)
    found = axe(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"wider than the screen: {width}"] if width > 360 else [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PUBLIC)
def test_axe_finds_nothing_on_a_public_page(sandbox: Sandbox, page: Page, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert look(page, sandbox.shop + path) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_merchants_house(sandbox: Sandbox, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    sign_in(sandbox, page)
    found = {path: look(page, sandbox.shop + path) for path in MERCHANT}
    assert {path: troubles for path, troubles in found.items() if troubles} == {}


@pytest.mark.parametrize("path", ["/kustomer", "/mail"])
def test_axe_finds_nothing_outside(sandbox: Sandbox, page: Page, path: str) -> None:
    assert look(page, sandbox.outside + path) == []
