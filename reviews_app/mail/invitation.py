"""The mail that invites somebody to work in a store."""

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content


def invitation(*, store_name: str, role: str, link: str, days: int) -> Content:
    """One sentence and one link, which works once and for `days` days."""
    subject = f"Join {store_name} on Reviews"
    text = (
        f"You are invited to work on the reviews of {store_name} as {role}.\n\n{link}\n\n"
        f"The link works once, for {days} days. If you did not expect it, you can leave it.\n"
    )
    html = render_html(
        "notice.mjml",
        title=subject,
        sentences=[
            f"You are invited to work on the reviews of {store_name} as {role}.",
            f"The link works once, for {days} days. If you did not expect it, you can leave it.",
        ],
        link=link,
        link_words="Join the store",
        footer=store_name,
    )
    return Content(subject=subject, text=text, html=html)
