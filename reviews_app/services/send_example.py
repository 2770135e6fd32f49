"""Mails a merchant a request as its buyers would get it, marked as a test."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from reviews_app.mail.message import compose
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.services.example_request import example_request
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.store_letter import envelope
from reviews_app.services.tools import Tools


def send_example(
    session: Session,
    store: Store,
    asking: Asking,
    *,
    language: str,
    own_words: Mapping[str, Any] | None,
    to: str,
    tools: Tools,
) -> OutgoingMail:
    """Queue it; its links belong to nobody. `own_words` stand in for the saved ones. Raises AddressRefused."""
    content = example_request(session, store, asking, language=language, addresses=tools.addresses, own_words=own_words)
    # Buyers get it without that word: the mail must not pass for one of an order there never was.
    marked = replace(content, subject=f"Test: {content.subject}")
    message = compose(envelope(session, store, to, tools=tools), marked, clock=tools.clock, make_id=tools.make_id)
    return queue_mail(session, message, kind=MailKind.SENDER_TEST, store_id=store.id, tools=tools)
