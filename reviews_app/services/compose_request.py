"""Puts the mail of a request together: the buyer's language, the store's look, the way out."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy.orm import Session

from reviews_app.lib.addresses import Addresses
from reviews_app.lib.colour import accent_of
from reviews_app.mail.message import Envelope, compose
from reviews_app.mail.offer import ShownOffer
from reviews_app.mail.request_words import mail_language
from reviews_app.mail.review_request import (
    STARS,
    USUAL_ACCENT,
    MailLook,
    RequestedProduct,
    ReviewRequestMail,
    review_request,
)
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.media_words import MAIL_PNG
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.product import Product
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.services.tools import Tools

PICTURE_WIDTH = 160
# A logo is drawn at most so large; phones have 312 px between the margins.
MOST_LOGO_WIDTH, MOST_LOGO_HEIGHT = 240, 56


@dataclass(frozen=True, slots=True)
class RequestToWrite:
    """What a request asks for: the order's lines, its link's token, and the reward if one is offered."""

    order: Order
    lines: Sequence[OrderLine]
    token: str
    asking: Asking
    offer: ShownOffer | None = None


def language_of(order: Order, store: Store) -> str:
    """The language a mail about the order is written in."""
    return mail_language(order.locale, store.languages)


def compose_request(session: Session, asked: RequestToWrite, *, store: Store, tools: Tools) -> EmailMessage:
    """The finished message. Raises AddressRefused for a buyer's or a reply address that is none."""
    brand = mail_brand(session, store)
    envelope = Envelope(
        sender=brand.address(tools.settings.sender),
        sender_name=brand.sender.name or store.name,
        recipient=asked.order.customer.email,
        reply_to=store.reply_address,
        unsubscribe_url=tools.addresses.unsubscribe(asked.token),
    )
    content = review_request(_mail(asked, brand.style, store=store, addresses=tools.addresses))
    return compose(envelope, content, clock=tools.clock, make_id=tools.make_id)


def _mail(asked: RequestToWrite, style: MailStyle, *, store: Store, addresses: Addresses) -> ReviewRequestMail:
    given_name = asked.order.customer.name.split()[0] if asked.order.customer.name.split() else ""
    return ReviewRequestMail(
        store_name=store.name,
        postal_address=store.postal_address,
        buyer_name=given_name,
        order_number=asked.order.number,
        products=tuple(_product(line, token=asked.token, addresses=addresses) for line in asked.lines),
        all_link=addresses.review_link(asked.token),
        unsubscribe_url=addresses.unsubscribe(asked.token),
        kind=asked.asking,
        language=language_of(asked.order, store),
        look=look_of(style, addresses),
        own_words=style.texts,
        offer=asked.offer,
        pixel_url=addresses.seen(asked.token) if style.counts_opens else "",
    )


def look_of(style: MailStyle, addresses: Addresses) -> MailLook:
    """Accent and logo as a mail shows them."""
    accent = accent_of(style.accent or USUAL_ACCENT)
    if not style.logo_name or not style.logo_width or not style.logo_height:
        return MailLook(accent=accent)
    shrink = min(1.0, MOST_LOGO_WIDTH / style.logo_width, MOST_LOGO_HEIGHT / style.logo_height)
    return MailLook(
        accent=accent,
        logo_url=addresses.mail_picture(style.logo_name, MAIL_PNG),
        logo_width=max(1, round(style.logo_width * shrink)),
        logo_height=max(1, round(style.logo_height * shrink)),
    )


def picture_of(product: Product, addresses: Addresses) -> str:
    """Where a mail finds its first picture: the file drawn for mails, or until there is one what pages show."""
    if not product.pictures:
        return ""
    first = product.pictures[0]
    if first.mail_file:
        return addresses.mail_picture(first.name, first.mail_file)
    return addresses.picture(first.name, PICTURE_WIDTH)


def _product(line: OrderLine, *, token: str, addresses: Addresses) -> RequestedProduct:
    return RequestedProduct(
        title=line.product.title,
        variant=line.variant.name if line.variant else "",
        picture_url=picture_of(line.product, addresses),
        link=addresses.product_review_link(token, line.product_id),
        star_links=tuple(addresses.product_review_link(token, line.product_id, star) for star in STARS),
    )
