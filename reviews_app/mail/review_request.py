"""The mail that asks a buyer how things are working out."""

from dataclasses import dataclass

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content
from reviews_app.mail.offer import ShownOffer

STARS = (1, 2, 3, 4, 5)


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
    """What the mail needs to know."""

    store_name: str
    postal_address: str
    buyer_name: str
    order_number: str
    products: tuple[RequestedProduct, ...]
    all_link: str
    unsubscribe_url: str
    offer: ShownOffer | None = None


def review_request(mail: ReviewRequestMail) -> Content:
    """One sentence, the products with five star links each, why it came, and the way out. Stars only preselect."""
    first = mail.products[0]
    return Content(
        subject=f"How is your {first.title} working out?",
        text=_text(mail),
        html=render_html("review_request.mjml", mail=mail, stars=STARS),
    )


def _text(mail: ReviewRequestMail) -> str:
    lines = [f"Hello {mail.buyer_name}," if mail.buyer_name else "Hello,", "", _opening(mail), ""]
    for product in mail.products:
        lines += [f"{product.title}{f' ({product.variant})' if product.variant else ''}", product.link, ""]
    if mail.offer:
        lines += [mail.offer.sentence, mail.offer.terms, ""]
    lines += [
        "Good or bad: your honest words help the next person.",
        "",
        f"You get this mail because you bought from {mail.store_name} (order {mail.order_number}).",
        mail.postal_address,
        f"No more of these: {mail.unsubscribe_url}",
    ]
    return "\n".join(lines) + "\n"


def _opening(mail: ReviewRequestMail) -> str:
    question = "How is it working out?" if len(mail.products) == 1 else "How are they working out?"
    return f"you have had your order {mail.order_number} for a while. {question}"
