"""Mails about an account: resetting a password, and that it was changed."""

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content


def password_reset(link: str) -> Content:
    """A link to choose a new password."""
    sentences = ["Somebody asked to reset the password of this account.", "If it was not you, nothing has changed."]
    return _content("Choose a new password", sentences, link=link, words="Choose a new password")


def password_changed() -> Content:
    """That the password was changed."""
    sentences = ["The password of this account was just changed.", "If it was not you, reset it at once."]
    return _content("Your password was changed", sentences, link="", words="")


def _content(subject: str, sentences: list[str], *, link: str, words: str) -> Content:
    text = "\n\n".join([*sentences, link]).strip() + "\n"
    html = render_html("notice.mjml", title=subject, sentences=sentences, link=link, link_words=words, footer="Reviews")
    return Content(subject=subject, text=text, html=html)
