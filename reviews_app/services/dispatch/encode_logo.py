"""Draws an uploaded logo anew."""

from uuid import UUID

from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.media.keeper import StorageAway
from reviews_app.media.work_in_child import work_in_child
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.media_words import MAIL_PNG
from reviews_app.services.dispatch.draw_picture import GIVEN_UP, MOST_TRIES, Drawn, Work, draw_picture
from reviews_app.services.tools import Tools


def encode_logo(style_id: UUID, *, tools: Tools, work: Work = work_in_child) -> bool:
    """Give the store's style its new logo, or words on why not; gives whether it did. May run twice.

    May raise StorageAway, which costs no try, and Unfinished: the sweep asks again, MOST_TRIES times in all.
    """
    raw = _claim(style_id)
    if raw is None:
        return False
    try:
        drawn = draw_picture(raw, formats=(), mail_file=MAIL_PNG, tools=tools, work=work)
    except StorageAway:
        _give_back(style_id, raw)
        raise
    return _record(style_id, raw, drawn)


def _claim(style_id: UUID) -> bytes | None:
    """The sent file for one more try; None when it is done or given up."""
    with transaction() as session:
        style = session.get(MailStyle, style_id, with_for_update=True)
        if style is None or style.logo_upload is None:
            return None
        if style.logo_tries >= MOST_TRIES:
            style.logo_upload, style.logo_trouble = None, GIVEN_UP
            return None
        style.logo_tries += 1
        return style.logo_upload


def _give_back(style_id: UUID, raw: bytes) -> None:
    with transaction() as session:
        if (style := _still_waiting(session, style_id, raw)) is not None:
            style.logo_tries -= 1


def _record(style_id: UUID, raw: bytes, drawn: Drawn | str) -> bool:
    with transaction() as session:
        style = _still_waiting(session, style_id, raw)
        if style is None:
            return False
        style.logo_upload = None
        style.logo_trouble = drawn if isinstance(drawn, str) else ""
        if isinstance(drawn, Drawn):
            style.logo_name, style.logo_width, style.logo_height = drawn.name, drawn.width, drawn.height
        return isinstance(drawn, Drawn)


def _still_waiting(session: Session, style_id: UUID, raw: bytes) -> MailStyle | None:
    """None when another file was sent meanwhile."""
    style = session.get(MailStyle, style_id, with_for_update=True)
    return style if style is not None and style.logo_upload == raw else None
