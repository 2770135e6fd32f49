"""Gives a product a picture that is encoded already."""

from sqlalchemy.orm import Session

from reviews_app.lib.tokens import new_token
from reviews_app.media.picture import Encoded
from reviews_app.media.storage import MediaStorage
from reviews_app.models.media_words import MAIL_JPEG
from reviews_app.models.product import Product, ProductPicture
from reviews_app.services.product_pictures import append_picture


def add_product_picture(
    session: Session, product: Product, *, encoded: Encoded, alt: str, storage: MediaStorage
) -> ProductPicture:
    """Keep an encoded picture as the product's last. May raise StorageAway."""
    name = new_token()
    for suffix, file in encoded.files.items():
        storage.keep_served(name, suffix, [file])
    mail_file = MAIL_JPEG if MAIL_JPEG in encoded.files else None
    size = (encoded.width, encoded.height)
    return append_picture(session, product, name=name, alt=alt, size=size, mail_file=mail_file)
