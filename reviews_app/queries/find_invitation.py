"""An invitation by the token in its link."""

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
