"""Which stores somebody works in, and who works in a store."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.membership import Membership
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound


def stores_of(session: Session, account_id: int) -> list[Store]:
    """The stores of one account, by name."""
    found = select(Store).join(Membership).where(Membership.account_id == account_id).order_by(Store.name, Store.id)
    return list(session.scalars(found))


def members_of(session: Session, store: Store) -> list[Membership]:
    """Everybody in a store, the first first."""
    mine = select(Membership).where(Membership.store_id == store.id)
    return list(session.scalars(mine.order_by(Membership.created_at, Membership.id)))


def find_membership(session: Session, store: Store, membership_id: UUID) -> Membership:
    """One member of a store; raises NotFound, another store's counts as absent."""
    found = session.scalar(select(Membership).where(Membership.store_id == store.id, Membership.id == membership_id))
    if found is None:
        raise NotFound
    return found
