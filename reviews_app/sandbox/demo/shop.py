"""Opens the demo shop: store, products, questions, orders, each through its service."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.order_report import Consent, OrderReport, ReportedLine
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.sandbox.demo import content
from reviews_app.services.add_product import ProductDetails, VariantDetails, add_product
from reviews_app.services.create_store import StoreDetails, create_store
from reviews_app.services.record_order import record_order
from reviews_app.services.tools import Tools

SLUG = "demo"
CONSENT = "Yes, ask me by email how it worked out."
DETAILS = StoreDetails(
    name="Larkspur Outfitters",
    languages=("en", "de", "fr", "es", "it", "nl", "pt", "ja", "ar"),
    time_zone="America/Los_Angeles",
    home_country="US",
    currency="USD",
    reply_address="hello@larkspur.example",
    postal_address="12 Canyon Road, Bend, OR 97701",
)


@dataclass
class DemoShop:
    """What was opened, by the names the content uses."""

    store: Store
    now: datetime
    products: dict[str, Product] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)

    def at(self, days_ago: float) -> datetime:
        """A moment so many days before the seeding."""
        return self.now - timedelta(days=days_ago)


def open_shop(session: Session, *, tools: Tools) -> DemoShop:
    """Store, products without pictures, questions and orders."""
    store = create_store(session, SLUG, DETAILS, clock=tools.clock, make_id=tools.make_id)
    shop = DemoShop(store=store, now=tools.clock())
    for product in content.products():
        shop.products[product.handle] = _add_product(session, shop, product, tools=tools)
    for place, attribute in enumerate(content.attributes()):
        shop.attributes[attribute.key] = _add_attribute(session, shop, attribute, place=place)
    for order in content.orders():
        shop.orders[order.number] = _add_order(session, shop, order)
    session.flush()
    return shop


def _add_product(session: Session, shop: DemoShop, product: content.DemoProduct, *, tools: Tools) -> Product:
    details = ProductDetails(
        shop_id=product.shop_id,
        handle=product.handle,
        title=product.title,
        description=product.description,
        price_minor=product.price_minor,
        currency=product.currency,
        variants=tuple(VariantDetails(one.shop_id, one.name, one.sku) for one in product.variants),
    )
    return add_product(session, shop.store, details, clock=tools.clock)


def _add_attribute(session: Session, shop: DemoShop, row: content.DemoAttribute, *, place: int) -> Attribute:
    attribute = Attribute(
        store_id=shop.store.id,
        title=row.title,
        kind=AttributeKind(row.kind),
        about=AttributeAbout(row.about),
        is_required=row.required,
        for_all_products=row.products is None,
        products=[shop.products[handle] for handle in row.products or ()],
        choices=list(row.choices),
        low=row.low,
        middle=row.middle,
        high=row.high,
        position=place,
    )
    session.add(attribute)
    return attribute


def _add_order(session: Session, shop: DemoShop, order: content.DemoOrder) -> Order:
    fulfilled = order.fulfilled_days_ago
    placed = shop.at(order.placed_days_ago)
    report = OrderReport(
        shop_id=order.shop_id,
        as_of=shop.now,
        number=order.number,
        email=order.email,
        name=order.name,
        country_code=order.country,
        placed_at=placed,
        fulfilled_at=None if fulfilled is None else shop.at(fulfilled),
        consent=Consent(ConsentBasis.OPT_IN, CONSENT, placed),
        lines=tuple(_line(shop, line) for line in order.lines),
    )
    recorded = record_order(session, shop.store, report, clock=lambda: placed).order
    if recorded is None:
        raise RuntimeError(f"the demo's order {order.number} is not whole")
    return recorded


def _line(shop: DemoShop, line: content.DemoLine) -> ReportedLine:
    product = shop.products[line.handle]
    variant = next((one for one in product.variants if one.sku == line.sku), None)
    return ReportedLine(
        product.shop_id,
        product.title,
        variant_id=variant.shop_id if variant else "",
        quantity=line.quantity,
    )
