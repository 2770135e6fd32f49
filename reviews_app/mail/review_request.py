"""The mail that asks a buyer how things are working out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reviews_app.mail.environment import USUAL_ACCENT, render_html
from reviews_app.mail.mail_look import MailLook, direction_of
from reviews_app.mail.message import Content
from reviews_app.mail.offer import ShownOffer
from reviews_app.mail.request_words import RequestWords, request_words
from reviews_app.models.review_request import Asking

__all__ = ["STARS", "USUAL_ACCENT", "MailLook", "RequestedProduct", "ReviewRequestMail", "review_request"]

STARS = (1, 2, 3, 4, 5)
# Mail programs cut what is larger than about 100 kB: the rest of a long order stands behind one link.
MOST_PRODUCTS = 10
LONGEST_TITLE = 120
# Said once more for each star to who listens to the mail.
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class RequestedProduct:
    """One product of the order: `links[n]` opens its form with n stars chosen, `link` with none."""

    title: str
    variant: str
    picture_url: str
    link: str
    star_links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewRequestMail:
    """What the mail needs to know. `own_words` by language and kind.

    `pixel_url` is empty unless the merchant counts opened mails.
    """

    store_name: str
    postal_address: str
    buyer_name: str
    order_number: str
    products: tuple[RequestedProduct, ...]
    all_link: str
    unsubscribe_url: str
    kind: Asking = Asking.REQUEST
    language: str = "en"
    look: MailLook = field(default_factory=MailLook)
    own_words: Mapping[str, Any] = field(default_factory=dict)
    offer: ShownOffer | None = None
    pixel_url: str = ""

    @property
    def shown(self) -> tuple[RequestedProduct, ...]:
        """The products that stand in the mail itself."""
        return self.products[:MOST_PRODUCTS]

    @property
    def asks_for_stars(self) -> bool:
        """A photo is asked of who has given stars already."""
        return self.kind is not Asking.PHOTO

    @property
    def direction(self) -> str:
        """Which way its language is written."""
        return direction_of(self.language)


def review_request(mail: ReviewRequestMail) -> Content:
    """One sentence, the products with five star links each, why it came, and the way out. Stars only preselect."""
    words = _words(mail)
    html = render_html(
        "review_request.mjml",
        mail=mail,
        words=words,
        stars=STARS,
        short=_short,
        brief=_brief,
        direction=mail.direction,
        language=mail.language,
        look=mail.look,
    )
    return Content(subject=words["subject"], text=_text(mail, words), html=html)


def _words(mail: ReviewRequestMail) -> RequestWords:
    values = {
        "name": mail.buyer_name,
        "store": mail.store_name,
        "product": _short(mail.products[0].title),
        "order": mail.order_number,
    }
    return request_words(mail.language, mail.kind, mail.own_words, values)


def _short(title: str, most: int = LONGEST_TITLE) -> str:
    return title if len(title) <= most else f"{title[: most - 1].rstrip()}…"


def _brief(title: str) -> str:
    return _short(title, LONGEST_NAME)


def _text(mail: ReviewRequestMail, words: RequestWords) -> str:
    lines = [words["hello_name" if mail.buyer_name else "hello"], "", words["intro"], ""]
    lines += [mail.offer.sentence, mail.offer.terms, ""] if mail.offer else []
    for product in mail.shown:
        lines += [f"{_short(product.title)}{f' ({product.variant})' if product.variant else ''}", product.link, ""]
    if len(mail.products) > len(mail.shown):
        lines += [words.say("more", count=len(mail.products) - len(mail.shown)), mail.all_link, ""]
    lines += [words["why"], mail.store_name, mail.postal_address, f"{words['stop']}: {mail.unsubscribe_url}"]
    return "\n".join(lines) + "\n"
