"""Invitations: by the token in the link, and those of a store nobody has used yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.tokens import token_hash
from reviews_app.models.invitation import Invitation
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound


def find_invitation(session: Session, token: str) -> tuple[Invitation, Store]:
    """The invitation, spent or not, and its store; raises NotFound."""
    found = session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    store = session.get(Store, found.store_id) if found else None
    if found is None or store is None:
        raise NotFound
    return found, store


def open_invitations(session: Session, store: Store, *, now: datetime) -> list[Invitation]:
    """Those that can still be used, the newest first."""
    unused = select(Invitation).where(
        Invitation.store_id == store.id, Invitation.accepted_at.is_(None), Invitation.expires_at > now
    )
    return list(session.scalars(unused.order_by(Invitation.created_at.desc(), Invitation.id.desc())))


def find_open_invitation(session: Session, store: Store, invitation_id: UUID, *, now: datetime) -> Invitation:
    """One of them; raises NotFound, another store's counts as absent."""
    for one in open_invitations(session, store, now=now):
        if one.id == invitation_id:
            return one
    raise NotFound
