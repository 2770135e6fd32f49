"""The mail that asks whether a review left with an address is its owner's."""

from dataclasses import dataclass

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content
from reviews_app.mail.words import words_in


@dataclass(frozen=True, slots=True)
class ConfirmationMail:
    """What the mail needs to know; `reward` is empty where none was promised."""

    store_name: str
    postal_address: str
    product: str
    reward: str
    link: str


def confirmation(mail: ConfirmationMail, *, language: str) -> Content:
    """One question, one link to the page that takes the answer."""
    _ = words_in(language)
    subject = _("Did you write a review of %(product)s?", product=mail.product)
    sentences = [_("Somebody left a review of %(product)s with this address.", product=mail.product)]
    if mail.reward:
        sentences.append(_("If it was you, say so, and your code comes by mail: %(reward)s.", reward=mail.reward))
    sentences.append(_("If it was not you, say that, and the review is taken off the page."))
    why = _(
        "You get this mail because this address was written into the review form of %(store)s.", store=mail.store_name
    )
    footer = " ".join(part for part in (why, mail.postal_address) if part)
    html = render_html(
        "notice.mjml",
        title=subject,
        sentences=sentences,
        link=mail.link,
        link_words=_("See the review and answer"),
        sender=mail.store_name,
        footer=footer,
    )
    return Content(subject=subject, text="\n".join([*sentences, "", mail.link, "", footer]) + "\n", html=html)
