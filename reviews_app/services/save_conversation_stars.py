"""Keeps at how many stars the store's workflow opens a conversation."""

from sqlalchemy.orm import Session

from reviews_app.models.store import Store
from reviews_app.services.open_destination import open_destination


def save_conversation_stars(session: Session, store: Store, stars: int) -> None:
    """At `stars` and below, 0 for never. Known before key and address: the workflow is made first."""
    destination = open_destination(session, store)
    destination.opens_at = stars
    session.add(destination)
