from sqlalchemy.orm import Session

from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.product import Product
from reviews_app.models.store import Store


def make_attribute(
    session: Session,
    store: Store,
    kind: AttributeKind = AttributeKind.SINGLE_CHOICE,
    *,
    title: str = "Used for",
    about: AttributeAbout = AttributeAbout.PRODUCT,
    products: tuple[Product, ...] = (),
    position: int = 0,
) -> Attribute:
    has_choices = kind in {AttributeKind.SINGLE_CHOICE, AttributeKind.MULTIPLE_CHOICE}
    attribute = Attribute(
        store_id=store.id,
        title=title,
        kind=kind,
        about=about,
        for_all_products=not products,
        products=list(products),
        choices=["Day hikes", "Commuting", "Travel"] if has_choices else [],
        low="Runs small" if kind.steps else "",
        middle="True to size" if kind.steps else "",
        high="Runs large" if kind.steps else "",
        position=position,
    )
    session.add(attribute)
    session.flush()
    return attribute
