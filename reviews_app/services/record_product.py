"""Takes in what a shop reports of a product; an order line may name one before anybody described it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.handle import handle_of
from reviews_app.lib.money import minor_units
from reviews_app.models.order_report import ProductReport, ReportedLine, ReportRefused
from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.shop_facts import FactsAbout, ShopFacts
from reviews_app.models.store import Store
from reviews_app.services.add_product import ProductDetails, ShopIdTaken, VariantDetails, add_product
from reviews_app.services.change_product import change_product
from reviews_app.services.shop_facts import facts_of
from reviews_app.services.take_turn import take_turn

# The merchant's own form lies at this address.
RESERVED = frozenset({"new"})


@dataclass(frozen=True, slots=True)
class RecordedProduct:
    """The product, or None while only its end is known; whether the report changed anything."""

    product: Product | None
    is_changed: bool


def record_product(session: Session, store: Store, report: ProductReport, *, clock: Clock) -> RecordedProduct:
    """Merge the report and draw the product from all that is known of it.

    Raises ReportRefused when one of its variants belongs to another product.
    """
    take_turn(session, store)
    facts = facts_of(session, store, FactsAbout.PRODUCT, shop_id=report.shop_id)
    is_changed = facts.learn(report.as_of, newest=_newest(report))
    product = product_by_shop_id(session, store, report.shop_id)
    if not is_changed:
        return RecordedProduct(product, is_changed=False)
    if facts.newest("title") is not None:
        product = _draw(session, store, facts, product=product, clock=clock)
    if product is not None:
        withdrawn = facts.newest("withdrawn") is True
        product.withdrawn_at = datetime.fromisoformat(facts.newest_stamp("withdrawn")) if withdrawn else None
    session.flush()
    return RecordedProduct(product, is_changed=True)


def product_by_shop_id(session: Session, store: Store, shop_id: str) -> Product | None:
    """The product of that id in the shop."""
    return session.scalar(select(Product).where(Product.store_id == store.id, Product.shop_id == shop_id))


def product_of_line(
    session: Session, store: Store, line: ReportedLine, *, as_of: datetime, clock: Clock
) -> tuple[Product, ProductVariant | None]:
    """The line's product and variant, made where the shop never told us of them."""
    product = product_by_shop_id(session, store, line.product_id)
    if product is None or product.is_sketch:
        product = _sketched(session, store, product, line=line, as_of=as_of, clock=clock)
    return product, _variant(session, product, line)


def free_handle(session: Session, store: Store, wanted: str, *, but: Product | None = None) -> str:
    """The wanted handle, or with the first number behind it that no other product of the store has."""
    taken = set(
        session.scalars(
            select(Product.handle).where(
                Product.store_id == store.id,
                Product.handle.startswith(wanted, autoescape=True),
                *([] if but is None else [Product.id != but.id]),
            )
        )
    )
    taken |= RESERVED
    number, handle = 1, wanted
    while handle in taken:
        number += 1
        handle = f"{wanted}-{number}"
    return handle


def _newest(report: ProductReport) -> dict[str, object]:
    variants = None if report.variants is None else [[one.shop_id, one.name, one.sku] for one in report.variants]
    return {
        "title": report.title,
        "handle": report.handle,
        "description": report.description,
        "price": report.price,
        "currency": report.currency,
        "variants": variants,
        "withdrawn": report.is_withdrawn,
    }


def _draw(session: Session, store: Store, facts: ShopFacts, *, product: Product | None, clock: Clock) -> Product:
    details = _details(session, store, facts, product=product)
    try:
        if product is None:
            return add_product(session, store, details, clock=clock)
        change_product(session, product, details)
    except ShopIdTaken as taken:
        raise ReportRefused(f"Variant {taken} belongs to another product of this store.") from None
    return product


def _details(session: Session, store: Store, facts: ShopFacts, *, product: Product | None) -> ProductDetails:
    title = facts.newest("title")
    wanted = facts.newest("handle")
    if wanted is None and product is not None:
        handle = product.handle
    else:
        handle = free_handle(session, store, handle_of(wanted or title), but=product)
    currency = product.currency if product else facts.newest("currency") or store.currency
    price = facts.newest("price")
    variants = facts.newest("variants")
    if variants is None:
        variants = [[one.shop_id, one.name, one.sku] for one in product.variants] if product else []
    return ProductDetails(
        shop_id=facts.shop_id,
        handle=handle,
        title=title,
        description=facts.newest("description") or (product.description if product else ""),
        price_minor=minor_units(price, currency) if price is not None else product.price_minor if product else None,
        currency=currency,
        variants=tuple(VariantDetails(*one) for one in variants),
    )


def _sketched(
    session: Session, store: Store, product: Product | None, *, line: ReportedLine, as_of: datetime, clock: Clock
) -> Product:
    """Until it is described, a product is called as the newest order calls it, whichever came first."""
    facts = facts_of(session, store, FactsAbout.PRODUCT, shop_id=line.product_id)
    facts.learn(as_of, newest={"line_title": line.title or None})
    title = facts.newest("line_title") or line.product_id
    if product is None:
        handle = free_handle(session, store, handle_of(title))
        details = ProductDetails(shop_id=line.product_id, handle=handle, title=title, currency=store.currency)
        product = add_product(session, store, details, clock=clock)
        product.is_sketch = True
    product.title = title
    return product


def _variant(session: Session, product: Product, line: ReportedLine) -> ProductVariant | None:
    if not line.variant_id:
        return None
    found = session.scalar(
        select(ProductVariant).where(
            ProductVariant.store_id == product.store_id, ProductVariant.shop_id == line.variant_id
        )
    )
    if found is not None:
        return found if found.product_id == product.id else None
    variant = ProductVariant(
        store_id=product.store_id,
        product_id=product.id,
        shop_id=line.variant_id,
        name=line.variant or line.sku or line.variant_id,
        sku=line.sku,
        position=len(product.variants),
    )
    product.variants.append(variant)
    session.flush()
    return variant
