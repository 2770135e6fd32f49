"""The shape of a store's short mails: a few sentences, perhaps a code, one button, why it came."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reviews_app.mail.environment import render_html
from reviews_app.mail.mail_look import MailLook, direction_of
from reviews_app.mail.message import Content
from reviews_app.mail.words import Say, words_in


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose mail it is, how it looks, and the language of its reader."""

    store_name: str
    postal_address: str
    language: str
    look: MailLook = field(default_factory=MailLook)

    @property
    def say(self) -> Say:
        """Gives a phrase in the reader's language."""
        return words_in(self.language)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one says; `link` stands behind the button, `code` on a line of its own."""

    subject: str
    sentences: Sequence[str]
    link: str
    link_words: str
    why: str
    code: str = ""


def written(head: Letterhead, letter: Letter) -> Content:
    """Both parts."""
    html = render_html(
        "letter.mjml",
        subject=letter.subject,
        sentences=letter.sentences,
        code=letter.code,
        link=letter.link,
        link_words=letter.link_words,
        why=letter.why,
        store_name=head.store_name,
        postal_address=head.postal_address,
        language=head.language,
        direction=direction_of(head.language),
        look=head.look,
    )
    code = [letter.code] if letter.code else []
    from_whom = [f"{head.store_name}, {head.postal_address}"] if head.postal_address else []
    lines = [*letter.sentences, *code, "", letter.link, "", letter.why, *from_whom]
    return Content(subject=letter.subject, text="\n".join(lines) + "\n", html=html)
