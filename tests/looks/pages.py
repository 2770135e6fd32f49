"""Which pages the sheet shows: by address, by the first link on another page, and by what one buyer did before."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.journeys.conftest import Sandbox

PRODUCT = "/stores/demo/products/ridge-daypack"
FORM = "/stores/demo/products/drift-rain-shell/reviews/new"
HOUSE = "/merchant/demo"
OPEN = {
    "start": "/",
    "catalogue": "/stores/demo",
    "product": PRODUCT,
    "product-by-stars": f"{PRODUCT}?stars=2",
    "product-empty": "/stores/demo/products/canopy-two-person-tarp",
    "product-long-name": "/stores/demo/products/wayfarer-merino-socks",
    "gallery": f"{PRODUCT}/reviews/photos",
    "form": FORM,
    "not-found": "/stores/demo/nothing",
    "sign-in": "/merchant/sign-in",
    "reset": "/merchant/reset",
    "link-gone": "/r/nothing",
}
SIGNED_IN = {
    "home": HOUSE,
    "stores": "/merchant/stores",
    "reviews": f"{HOUSE}/reviews",
    "reviews-rejected": f"{HOUSE}/reviews?state=rejected",
    "orders": f"{HOUSE}/orders",
    "order-new": f"{HOUSE}/orders/new",
    "imports": f"{HOUSE}/imports/orders",
    "requests": f"{HOUSE}/requests",
    "requests-sent": f"{HOUSE}/requests?state=sent",
    "requests-came-back": f"{HOUSE}/requests?state=bounced",
    "when-to-ask": f"{HOUSE}/settings/requests",
    "earlier-orders": f"{HOUSE}/settings/requests/past?days=60&per_day=5",
    "rewards": f"{HOUSE}/settings/rewards",
    "emails": f"{HOUSE}/settings/emails",
    "email-texts": f"{HOUSE}/settings/emails/texts/en",
    "mail-request": f"{HOUSE}/settings/emails/preview/request/en",
    "mail-reminder": f"{HOUSE}/settings/emails/preview/reminder/de",
    "mail-photo": f"{HOUSE}/settings/emails/preview/photo/ar",
    "products": f"{HOUSE}/products",
    "product-of-merchant": f"{HOUSE}/products/ridge-daypack",
    "product-new": f"{HOUSE}/products/new",
    "deliveries": f"{HOUSE}/deliveries",
    "settings": f"{HOUSE}/settings",
    "integrations": f"{HOUSE}/settings/integrations",
    "kustomer": f"{HOUSE}/settings/integrations/kustomer",
    "order-sources": f"{HOUSE}/settings/integrations/orders",
    "questions": f"{HOUSE}/settings/attributes",
    "question-new": f"{HOUSE}/settings/attributes/new",
    "limits": f"{HOUSE}/settings/photos",
    "members": f"{HOUSE}/settings/members",
}
# The page that lists them, and how the address of one of them begins.
FIRST_OF = {
    "review-of-merchant": (f"{HOUSE}/reviews", f"{HOUSE}/reviews/"),
    "review-with-reply": (f"{HOUSE}/reviews?state=published", f"{HOUSE}/reviews/"),
    "delivery": (f"{HOUSE}/deliveries", f"{HOUSE}/deliveries/"),
    "buyer": (f"{HOUSE}/requests?state=sent", f"{HOUSE}/requests/people/"),
    "question": (f"{HOUSE}/settings/attributes", f"{HOUSE}/settings/attributes/"),
}
OUTSIDE = {"outside-inbox": "/mail", "outside-mail": "/mail/1", "outside-kustomer": "/kustomer"}
# Two buyers of the demo with three products each: one answers, one only looks.
ANSWERS, LOOKS = "frankie.moss@example.com", "eli.foster@example.com"


@dataclass(frozen=True)
class Shown:
    """Addresses of every page."""

    before_sign_in: dict[str, str]
    signed_in: dict[str, str]


def every_page(page: Page, sandbox: Sandbox) -> Shown:
    """All addresses; `page` is signed in, and leaves one review from the shop and one by the link."""
    shown = {name: sandbox.shop + path for name, path in OPEN.items()} | from_shop(page, sandbox)
    shown |= by_link(page, sandbox) | {name: sandbox.outside + path for name, path in OUTSIDE.items()}
    inside = {name: sandbox.shop + path for name, path in SIGNED_IN.items()}
    for name, (listed, begin) in FIRST_OF.items():
        page.goto(sandbox.shop + listed)
        inside[name] = sandbox.shop + str(
            page.locator(f'main a[href^="{begin}"]:not([href$="/new"])').first.get_attribute("href")
        )
    return Shown(shown, inside)


def from_shop(page: Page, sandbox: Sandbox) -> dict[str, str]:
    page.goto(f"{sandbox.shop}/stores/demo/products/hearth-enamel-mug/reviews/new")
    page.get_by_label("5 stars, Very good").check(force=True)
    page.get_by_label("Your review", exact=True).fill("It fell off two tables; only the rim lost a little enamel.")
    page.get_by_label("Your name").fill("Rowan Hale")
    page.get_by_label("Email").fill("rowan.hale@example.com")
    page.get_by_role("button", name="Submit review").click()
    page.wait_for_url("**/thanks/**")
    return {"thanks": page.url}


def by_link(page: Page, sandbox: Sandbox) -> dict[str, str]:
    asked, answered = links_in(mail_to(sandbox, LOOKS)), links_in(mail_to(sandbox, ANSWERS))
    page.goto(answered[0])
    page.get_by_label("Your review", exact=True).fill("Light, and dry after an hour in the wind.")
    page.get_by_role("button", name="Submit review").click()
    page.wait_for_url("**/r/**")
    page.wait_for_load_state()
    form, of_answered = without_query(asked[0]), without_query(answered[0])
    order, order_of_answered = form.rpartition("/")[0], of_answered.rpartition("/")[0]
    return {
        "link-order": order,
        "link-form": asked[0],
        "link-unsubscribe": f"{order}/unsubscribe",
        "link-said": order_of_answered,
        "link-reviewed": of_answered,
        "link-edit": f"{of_answered}/edit",
        "link-delete": f"{of_answered}/delete",
    }


def mail_to(sandbox: Sandbox, buyer: str) -> str:
    return str(next(one for one in sandbox.mails() if one["recipients"] == [buyer])["html"])


def links_in(mail: str) -> list[str]:
    return re.findall(r'href="([^"]+/r/[^"]+rating=4)"', mail.replace("&amp;", "&"))


def without_query(url: str) -> str:
    return url.partition("?")[0]
