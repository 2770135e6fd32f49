"""Puts the mail of a request together: the buyer's language, the store's look, the way out."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy.orm import Session

from reviews_app.lib.addresses import Addresses
from reviews_app.mail.message import compose
from reviews_app.mail.offer import ShownOffer
from reviews_app.mail.request_words import mail_language
from reviews_app.mail.review_request import (
    STARS,
    RequestedProduct,
    ReviewRequestMail,
    review_request,
)
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.product import Product
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.services.store_letter import envelope, look_of
from reviews_app.services.tools import Tools

PICTURE_WIDTH = 160


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
    style = mail_brand(session, store).style
    unsubscribe = tools.addresses.unsubscribe(asked.token)
    to_buyer = envelope(session, store, asked.order.customer.email, tools=tools, unsubscribe_url=unsubscribe)
    content = review_request(_mail(asked, style, store=store, addresses=tools.addresses))
    return compose(to_buyer, content, clock=tools.clock, make_id=tools.make_id)


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
