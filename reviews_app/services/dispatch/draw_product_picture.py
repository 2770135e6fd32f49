"""Draws a picture sent for a product anew and shows it."""

from uuid import UUID

from reviews_app.db.database import transaction
from reviews_app.models.media_words import MAIL_JPEG
from reviews_app.models.product import Product, ProductPictureUpload
from reviews_app.services.dispatch.draw_picture import TROUBLE, draw_picture
from reviews_app.services.product_pictures import append_picture
from reviews_app.services.tools import Tools


def draw_product_picture(upload_id: UUID, *, tools: Tools) -> bool:
    """Make it the product's last picture, or keep words on why not; gives whether it shows. May run twice."""
    with transaction() as session:
        sent = session.get(ProductPictureUpload, upload_id)
        if sent is None or sent.upload is None:
            return False
        raw = sent.upload
    drawn = draw_picture(raw, mail_file=MAIL_JPEG, tools=tools)
    with transaction() as session:
        # Whoever comes second finds the row gone, or without its bytes.
        found = session.get(ProductPictureUpload, upload_id, with_for_update=True)
        if found is None or found.upload is None:
            return False
        if drawn is None:
            found.upload, found.trouble = None, TROUBLE
            return False
        product = session.get_one(Product, found.product_id)
        size = (drawn.width, drawn.height)
        append_picture(session, product, name=drawn.name, alt=found.alt, size=size, mail_file=MAIL_JPEG)
        session.delete(found)
        return True
