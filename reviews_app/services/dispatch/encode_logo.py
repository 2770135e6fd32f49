"""Draws an uploaded logo anew."""

from uuid import UUID

from reviews_app.db.database import transaction
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.media_words import MAIL_PNG
from reviews_app.services.dispatch.draw_picture import TROUBLE, Drawn, draw_picture
from reviews_app.services.tools import Tools


def encode_logo(style_id: UUID, *, tools: Tools) -> bool:
    """Give the store's style its new logo, or words on why not; gives whether it did. May run twice."""
    with transaction() as session:
        style = session.get(MailStyle, style_id)
        if style is None or style.logo_upload is None:
            return False
        raw = style.logo_upload
    return _record(style_id, raw, draw_picture(raw, formats=(), mail_file=MAIL_PNG, tools=tools))


def _record(style_id: UUID, raw: bytes, drawn: Drawn | None) -> bool:
    """Unless another file was sent meanwhile."""
    with transaction() as session:
        style = session.get(MailStyle, style_id)
        if style is None or style.logo_upload != raw:
            return False
        style.logo_upload = None
        style.logo_trouble = "" if drawn else TROUBLE
        if drawn:
            style.logo_name, style.logo_width, style.logo_height = drawn.name, drawn.width, drawn.height
        return drawn is not None
