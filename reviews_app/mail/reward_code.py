"""The mail that brings the code a review has earned."""

from reviews_app.mail.letter import Letter, Letterhead, written
from reviews_app.mail.message import Content


def reward_code(head: Letterhead, *, product: str, description: str, code: str, link: str) -> Content:
    """What it gives, the code on a line of its own, and why it came; `link` leads to the shop."""
    _ = head.say
    return written(
        head,
        Letter(
            subject=_("Your code from %(store)s", store=head.store_name),
            sentences=[
                _("Thank you for your review of %(product)s.", product=product),
                _("Your code for %(reward)s:", reward=description),
            ],
            code=code,
            link=link,
            link_words=_("Go to %(store)s", store=head.store_name),
            why=_("You get this mail because you wrote a review for %(store)s.", store=head.store_name),
        ),
    )
