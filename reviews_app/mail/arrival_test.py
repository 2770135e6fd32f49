"""The mail a merchant sends to themselves before any buyer gets one."""

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content


def arrival_test(*, store_name: str, sender: str, link: str) -> Content:
    """Says where it came from, with the link by which its reader says that it arrived."""
    sentences = [
        f"This mail came from {sender}, as the review requests of {store_name} will.",
        "Say that you received it, and requests may go out by themselves.",
        "If it lay in the spam folder, look at the DNS lines on the same page first.",
    ]
    html = render_html(
        "notice.mjml",
        title="Your test mail arrived",
        sentences=sentences,
        link=link,
        link_words="I received it",
        footer=store_name,
    )
    return Content(f"Test mail of {store_name}", "\n\n".join([*sentences, link]) + "\n", html)
