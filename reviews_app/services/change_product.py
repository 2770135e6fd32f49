"""Brings a product up to date."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from reviews_app.models.order import OrderLine
from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.review import Review
from reviews_app.services.add_product import ProductDetails, VariantDetails, refuse_taken


def change_product(session: Session, product: Product, details: ProductDetails) -> list[str]:
    """Change everything but the currency. Raises HandleTaken or ShopIdTaken.

    A variant left out is removed, unless an order or a review names it: gives the names of those that stay.
    """
    refuse_taken(session, product.store_id, details, but=product)
    product.shop_id = details.shop_id
    product.handle = details.handle
    product.title = details.title
    product.description = details.description
    product.price_minor = details.price_minor
    product.is_sketch = False
    wanted = {one.shop_id for one in details.variants}
    stay = [one for one in product.variants if one.shop_id not in wanted and _is_named(session, one)]
    for variant in [one for one in product.variants if one.shop_id not in wanted and one not in stay]:
        product.variants.remove(variant)
        session.delete(variant)
    for place, one in enumerate(details.variants):
        _change_variant(product, one, place=place)
    for place, variant in enumerate(stay, start=len(details.variants)):
        variant.position = place
    session.flush()
    return [variant.name for variant in stay]


def _change_variant(product: Product, details: VariantDetails, *, place: int) -> None:
    variant = next((one for one in product.variants if one.shop_id == details.shop_id), None)
    if variant is None:
        variant = ProductVariant(store_id=product.store_id, shop_id=details.shop_id)
        product.variants.append(variant)
    variant.name, variant.sku, variant.position = details.name, details.sku, place


def _is_named(session: Session, variant: ProductVariant) -> bool:
    by_order = exists().where(OrderLine.variant_id == variant.id)
    by_review = exists().where(Review.variant_id == variant.id)
    return session.scalar(select(or_(by_order, by_review))) is True
