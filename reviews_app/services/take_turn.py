"""One order or product of a store at a time: so nobody makes the same product or buyer twice."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.store import Store


def take_turn(session: Session, store: Store) -> None:
    """Wait for whoever takes something in for this store; held until the transaction's end.

    The lock is the weaker one that lets others write rows which point at the store. SQLite has one writer anyway.
    """
    session.execute(select(Store.id).where(Store.id == store.id).with_for_update(key_share=True)).all()
