"""Draws for mails what was drawn for pages before mails had pictures of their own."""

from uuid import UUID

from reviews_app.db.database import transaction
from reviews_app.media.keeper import StorageAway
from reviews_app.media.work_in_child import work_in_child
from reviews_app.models.media_words import MAIL_JPEG
from reviews_app.models.product import ProductPicture
from reviews_app.services.dispatch.draw_picture import MOST_TRIES, Drawn, Work, draw_picture
from reviews_app.services.tools import Tools

DRAWN_FROM = "640.webp"


def draw_for_mail(picture_id: UUID, *, tools: Tools, work: Work = work_in_child) -> bool:
    """Make the file that mails show of a product's picture; gives whether they do now. May run twice.

    May raise StorageAway, which costs no try, and Unfinished: the sweep asks again, MOST_TRIES times in all.
    """
    name = _claim(picture_id)
    if name is None:
        return False
    try:
        is_drawn = _draw(name, tools=tools, work=work)
    except StorageAway:
        _give_back(picture_id)
        raise
    with transaction() as session:
        found = session.get(ProductPicture, picture_id, with_for_update=True)
        if found is None:
            return False
        found.mail_file = MAIL_JPEG if is_drawn else ""
    return is_drawn


def _claim(picture_id: UUID) -> str | None:
    """Its name for one more try; None when it is done, gone or given up."""
    with transaction() as session:
        picture = session.get(ProductPicture, picture_id, with_for_update=True)
        if picture is None or picture.mail_file is not None:
            return None
        if picture.mail_tries >= MOST_TRIES:
            picture.mail_file = ""
            return None
        picture.mail_tries += 1
        return picture.name


def _give_back(picture_id: UUID) -> None:
    with transaction() as session:
        picture = session.get(ProductPicture, picture_id, with_for_update=True)
        if picture is not None:
            picture.mail_tries -= 1


def _draw(name: str, *, tools: Tools, work: Work) -> bool:
    with tools.storage.served_as_file(name, DRAWN_FROM) as source:
        raw = source.read_bytes() if source else b""
    drawn = draw_picture(raw, name=name, formats=(), mail_file=MAIL_JPEG, tools=tools, work=work)
    return isinstance(drawn, Drawn)
