"""The mail that says ahead that coupon codes run out."""

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content


def few_codes_notice(*, store_name: str, description: str, left: int, link: str) -> Content:
    """How many are left, what happens then, what to do."""
    count = {0: "No code is left", 1: "1 code is left"}.get(left, f"{left} codes are left")
    sentences = [
        f"{count} for “{description}”.",
        "Once there is none, new offers are not made. What was promised stays owed, and goes out when codes come.",
        "Add codes in the settings.",
    ]
    subject = f"{count} for the rewards of {store_name}"
    html = render_html(
        "notice.mjml", title=subject, sentences=sentences, link=link, link_words="Add codes", footer=store_name
    )
    return Content(subject=subject, text="\n".join([*sentences, "", link]) + "\n", html=html)
