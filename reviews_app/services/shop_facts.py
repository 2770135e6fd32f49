"""Finds or begins the facts of one order or product."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.shop_facts import FactsAbout, ShopFacts
from reviews_app.models.store import Store


def facts_of(session: Session, store: Store, about: FactsAbout, *, shop_id: str) -> ShopFacts:
    """What is known under the shop's id; empty when nothing was reported yet. The caller holds the store's turn."""
    facts = session.scalar(
        select(ShopFacts).where(ShopFacts.store_id == store.id, ShopFacts.about == about, ShopFacts.shop_id == shop_id)
    )
    if facts is None:
        facts = ShopFacts(store_id=store.id, about=about, shop_id=shop_id, known={})
        session.add(facts)
    return facts
