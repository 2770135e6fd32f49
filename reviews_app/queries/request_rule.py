"""A store's rule for asking, and the products with days of their own."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.request_rule import RequestRule, RequestWait, default_rule
from reviews_app.models.store import Store


def find_rule(session: Session, store: Store) -> RequestRule | None:
    """The rule as it was saved; None before the first time."""
    return session.scalar(select(RequestRule).where(RequestRule.store_id == store.id))


def rule_of(session: Session, store: Store) -> RequestRule:
    """The store's rule, or one with every default that is not kept anywhere."""
    return find_rule(session, store) or default_rule(store.id)


def waits_of(session: Session, store: Store) -> dict[UUID, int]:
    """Days by product, of those that have their own."""
    rows = session.execute(select(RequestWait.product_id, RequestWait.days).where(RequestWait.store_id == store.id))
    return {row.product_id: row.days for row in rows}
