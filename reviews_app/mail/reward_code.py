"""The mail that brings the code a review has earned."""

from dataclasses import dataclass

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content
from reviews_app.mail.words import words_in


@dataclass(frozen=True, slots=True)
class RewardCodeMail:
    """What the mail needs to know."""

    store_name: str
    postal_address: str
    product: str
    description: str
    code: str
    shop_link: str


def reward_code(mail: RewardCodeMail, *, language: str) -> Content:
    """What it gives, the code on a line of its own, and why it came."""
    _ = words_in(language)
    subject = _("Your code from %(store)s", store=mail.store_name)
    thanks = _("Thank you for your review of %(product)s.", product=mail.product)
    gives = _("Your code for %(reward)s:", reward=mail.description)
    why = _("You get this mail because you wrote a review for %(store)s.", store=mail.store_name)
    to_shop = _("Go to %(store)s", store=mail.store_name)
    footer = " ".join(part for part in (why, mail.postal_address) if part)
    html = render_html(
        "reward_code.mjml",
        title=subject,
        thanks=thanks,
        gives=gives,
        code=mail.code,
        link=mail.shop_link,
        link_words=to_shop,
        store_name=mail.store_name,
        footer=footer,
    )
    text = "\n".join([thanks, "", gives, mail.code, "", mail.shop_link, "", footer]) + "\n"
    return Content(subject=subject, text=text, html=html)
