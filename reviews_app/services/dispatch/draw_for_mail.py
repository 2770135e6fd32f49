"""Draws for mails what was drawn for pages before mails had pictures of their own."""

from uuid import UUID

from reviews_app.db.database import transaction
from reviews_app.models.media_words import MAIL_JPEG
from reviews_app.models.product import ProductPicture
from reviews_app.services.dispatch.draw_picture import draw_picture
from reviews_app.services.tools import Tools

DRAWN_FROM = "640.webp"


def draw_for_mail(picture_id: UUID, *, tools: Tools) -> bool:
    """Make the file that mails show of a product's picture; gives whether they do now. May run twice.

    May raise StorageAway.
    """
    with transaction() as session:
        picture = session.get(ProductPicture, picture_id)
        if picture is None or picture.mail_file is not None:
            return False
        name = picture.name
    is_drawn = _draw(name, tools=tools)
    with transaction() as session:
        found = session.get(ProductPicture, picture_id, with_for_update=True)
        if found is None:
            return False
        found.mail_file = MAIL_JPEG if is_drawn else ""
    return is_drawn


def _draw(name: str, *, tools: Tools) -> bool:
    with tools.storage.served_as_file(name, DRAWN_FROM) as source:
        raw = source.read_bytes() if source else b""
    return draw_picture(raw, name=name, formats=(), mail_file=MAIL_JPEG, tools=tools) is not None
