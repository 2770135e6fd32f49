"""Gives a product a picture."""

from sqlalchemy.orm import Session

from reviews_app.lib.tokens import new_token
from reviews_app.media.picture import encode_picture
from reviews_app.media.storage import MediaStorage
from reviews_app.models.product import Product, ProductPicture


def add_product_picture(
    session: Session, product: Product, *, picture: bytes, alt: str, storage: MediaStorage
) -> ProductPicture:
    """Encode and keep it as the product's last picture. Raises PictureRefused. Not for the web process."""
    encoded = encode_picture(picture)
    row = ProductPicture(
        store_id=product.store_id,
        product_id=product.id,
        name=new_token(),
        alt=alt,
        width=encoded.width,
        height=encoded.height,
        position=len(product.pictures),
    )
    for suffix, file in encoded.files.items():
        storage.keep_served(row.name, suffix, [file])
    product.pictures.append(row)
    session.flush()
    return row
