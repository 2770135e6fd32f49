"""Gives a product a picture at once."""

from sqlalchemy.orm import Session

from reviews_app.lib.tokens import new_token
from reviews_app.media.picture import encode_picture
from reviews_app.media.storage import MediaStorage
from reviews_app.models.product import Product, ProductPicture
from reviews_app.services.product_pictures import append_picture


def add_product_picture(
    session: Session, product: Product, *, picture: bytes, alt: str, storage: MediaStorage
) -> ProductPicture:
    """Encode and keep it as the product's last picture. Raises PictureRefused. Not for the web process."""
    encoded, name = encode_picture(picture), new_token()
    for suffix, file in encoded.files.items():
        storage.keep_served(name, suffix, [file])
    return append_picture(session, product, name=name, alt=alt, size=(encoded.width, encoded.height))
