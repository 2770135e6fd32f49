"""Draws a picture sent for a product anew and shows it."""

from uuid import UUID

from reviews_app.db.database import transaction
from reviews_app.media.keeper import StorageAway
from reviews_app.media.work_in_child import work_in_child
from reviews_app.models.media_words import MAIL_JPEG
from reviews_app.models.product import Product, ProductPictureUpload
from reviews_app.services.dispatch.draw_picture import GIVEN_UP, MOST_TRIES, Drawn, Work, draw_picture
from reviews_app.services.product_pictures import append_picture
from reviews_app.services.tools import Tools


def draw_product_picture(upload_id: UUID, *, tools: Tools, work: Work = work_in_child) -> bool:
    """Make it the product's last picture, or keep words on why not; gives whether it shows. May run twice.

    May raise StorageAway, which costs no try, and Unfinished: the sweep asks again, MOST_TRIES times in all.
    """
    raw = _claim(upload_id)
    if raw is None:
        return False
    try:
        drawn = draw_picture(raw, mail_file=MAIL_JPEG, tools=tools, work=work)
    except StorageAway:
        _give_back(upload_id)
        raise
    return _record(upload_id, drawn)


def _claim(upload_id: UUID) -> bytes | None:
    """Its bytes for one more try; None when it is done, gone or given up."""
    with transaction() as session:
        sent = session.get(ProductPictureUpload, upload_id, with_for_update=True)
        if sent is None or sent.upload is None:
            return None
        if sent.tries >= MOST_TRIES:
            sent.upload, sent.trouble = None, GIVEN_UP
            return None
        sent.tries += 1
        return sent.upload


def _give_back(upload_id: UUID) -> None:
    with transaction() as session:
        sent = session.get(ProductPictureUpload, upload_id, with_for_update=True)
        if sent is not None:
            sent.tries -= 1


def _record(upload_id: UUID, drawn: Drawn | str) -> bool:
    """Whoever comes second finds the row gone, or without its bytes."""
    with transaction() as session:
        sent = session.get(ProductPictureUpload, upload_id, with_for_update=True)
        if sent is None or sent.upload is None:
            return False
        if isinstance(drawn, str):
            sent.upload, sent.trouble = None, drawn
            return False
        product = session.get_one(Product, sent.product_id)
        size = (drawn.width, drawn.height)
        append_picture(session, product, name=drawn.name, alt=sent.alt, size=size, mail_file=MAIL_JPEG)
        session.delete(sent)
        return True
