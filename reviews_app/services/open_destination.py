"""The store's Kustomer integration, to be changed; made, switched off, when there is none yet."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.models.destination import Destination
from reviews_app.models.store import Store


def open_destination(session: Session, store: Store) -> Destination:
    """One for each store: two people saving for the first time wait for each other.

    A new one is not in the session yet: the caller adds it once nothing is left to refuse.
    """
    wait_for_others(session, f"kustomer of {store.id}")
    found = session.scalar(select(Destination).where(Destination.store_id == store.id))
    return found or Destination(store_id=store.id)
