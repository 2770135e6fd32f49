"""Changes the order in which the form asks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.attribute import Attribute
from reviews_app.models.store import Store


def move_attribute_up(session: Session, store: Store, attribute: Attribute) -> None:
    """One place towards the beginning; the first stays first. Positions are made 0, 1, 2, ... on the way."""
    mine = select(Attribute).where(Attribute.store_id == store.id).order_by(Attribute.position, Attribute.id)
    asked = list(session.scalars(mine))
    place = asked.index(attribute)
    if place:
        asked[place - 1], asked[place] = asked[place], asked[place - 1]
    for position, one in enumerate(asked):
        one.position = position
    session.flush()
