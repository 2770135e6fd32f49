from sqlalchemy.orm import Session

from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.rating import ProductRating
from reviews_app.models.store import Store
from tests.fakes.clock import START


def make_product(
    session: Session, store: Store, handle: str = "ridge-daypack", *, variants: tuple[str, ...] = ()
) -> Product:
    product = Product(
        store_id=store.id,
        shop_id=f"{store.slug}-{handle}",
        handle=handle,
        title=handle.replace("-", " ").title(),
        description="A pack.",
        price_minor=8900,
        created_at=START,
        variants=[
            ProductVariant(
                store_id=store.id,
                shop_id=f"{store.slug}-{handle}-{name}",
                name=name,
                sku=f"{handle[:3].upper()}-{name[:3].upper()}",
                position=place,
            )
            for place, name in enumerate(variants)
        ],
    )
    session.add(product)
    session.flush()
    session.add(ProductRating(store_id=store.id, product_id=product.id))
    session.flush()
    return product
