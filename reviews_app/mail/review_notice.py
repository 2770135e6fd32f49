"""The mail that tells a merchant that a review is not its address's owner's."""

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content


def disowned_notice(*, store_name: str, product: str, link: str) -> Content:
    """What was said, what became of the review, what to do."""
    sentences = [
        f"A review of {product} was left with the address of somebody who says that they did not write it.",
        "It is off the page and waits for you. Publish it only if you know better.",
    ]
    subject = f"A review of {product} is not its address’s owner’s"
    html = render_html(
        "notice.mjml", title=subject, sentences=sentences, link=link, link_words="Open the review", footer=store_name
    )
    return Content(subject=subject, text="\n".join([*sentences, "", link]) + "\n", html=html)
