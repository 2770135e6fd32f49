"""Keeps who a store's mails come from, how they look and what they say."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.lib.clock import Clock
from reviews_app.models.mail_sender import MailSender
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.store import Store
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.services.take_turn import take_turn


@dataclass(frozen=True, slots=True)
class MailLookDetails:
    """Checked values; `logo` is an uploaded file's bytes, None to keep what is there, empty to take it away."""

    sender_name: str
    sender_address: str
    accent: str
    counts_opens: bool
    logo: bytes | None = None


def save_mail_look(session: Session, store: Store, details: MailLookDetails, *, clock: Clock) -> None:
    """Another sender's address has to prove itself again, and what was known of its domain is forgotten."""
    take_turn(session, store)
    brand = mail_brand(session, store)
    sender, style = brand.sender, brand.style
    if sender.address != details.sender_address:
        sender.confirmed_at = sender.test_token_hash = None
        sender.records = sender.checked_at = sender.check_asked_at = None
    sender.name, sender.address = details.sender_name, details.sender_address
    style.accent, style.counts_opens = details.accent, details.counts_opens
    session.add_all([sender, style])
    if details.logo is not None:
        _take_logo(style, details.logo, clock=clock)
    session.flush()
    if details.logo:
        ring_after_commit(session, JobName.ENCODE_LOGO, style.id)


def _take_logo(style: MailStyle, logo: bytes, *, clock: Clock) -> None:
    style.logo_upload, style.logo_trouble = logo or None, ""
    style.logo_asked_at, style.logo_tries = clock(), 0
    if not logo:
        style.logo_name, style.logo_width, style.logo_height = "", None, None


def save_mail_words(session: Session, store: Store, language: str, words: dict[str, dict[str, str]]) -> MailStyle:
    """A language's own words by kind of mail; an empty one means the usual words."""
    take_turn(session, store)
    style = mail_brand(session, store).style
    own = {kind: {part: text for part, text in parts.items() if text} for kind, parts in words.items()}
    texts: dict[str, Any] = {**style.texts, language: {kind: parts for kind, parts in own.items() if parts}}
    style.texts = {code: kinds for code, kinds in texts.items() if kinds}
    session.add(style)
    session.flush()
    return style


def sender_to_change(session: Session, store: Store) -> MailSender:
    """The store's sender as a row, made on first use."""
    take_turn(session, store)
    sender = mail_brand(session, store).sender
    session.add(sender)
    session.flush()
    return sender
