"""The mail that asks whether a review left with an address is its owner's."""

from reviews_app.mail.letter import Letter, Letterhead, written
from reviews_app.mail.message import Content


def confirmation(head: Letterhead, *, product: str, reward: str, link: str) -> Content:
    """One question, one link to the page that takes the answer; `reward` is empty where none was promised."""
    _ = head.say
    sentences = [_("Somebody left a review of %(product)s with this address.", product=product)]
    if reward:
        sentences.append(_("If it was you, say so, and your code comes by mail: %(reward)s.", reward=reward))
    sentences.append(_("If it was not you, say that, and the review is taken off the page."))
    why = _(
        "You get this mail because this address was written into the review form of %(store)s.", store=head.store_name
    )
    return written(
        head,
        Letter(
            subject=_("Did you write a review of %(product)s?", product=product),
            sentences=sentences,
            link=link,
            link_words=_("See the review and answer"),
            why=why,
        ),
    )
