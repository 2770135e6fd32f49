"""The mail that says Kustomer no longer takes reviews, and what to do."""

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content


def delivery_notice(*, store_name: str, cause: str, held: int, link: str) -> Content:
    """Cause, what is kept, what to do."""
    subject = f"Kustomer does not take reviews of {store_name}"
    waiting = "1 review waits" if held == 1 else f"{held} reviews wait"
    sentences = [cause, f"{waiting} here and nothing is lost.", "Put it right, and all of them are sent by themselves."]
    html = render_html(
        "notice.mjml", title=subject, sentences=sentences, link=link, link_words="Open the settings", footer=store_name
    )
    return Content(subject=subject, text="\n".join([*sentences, "", link]) + "\n", html=html)
