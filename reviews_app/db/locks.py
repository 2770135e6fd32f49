"""Locks on a matter rather than a row: for rules about rows that are not there yet."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def wait_for_others(session: Session, matter: str) -> None:
    """Let one transaction at a time deal with a matter: others with the same words wait until this one ends.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:matter, 0))"), {"matter": matter})
