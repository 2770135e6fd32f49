"""Draws an uploaded logo anew, in a process of its own: what mails show is never the file that was sent."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from reviews_app.db.database import transaction
from reviews_app.lib.tokens import new_token
from reviews_app.media.refused import Refused
from reviews_app.media.work_in_child import results_in, work_in_child
from reviews_app.media.workshop.task import PICTURE, Made, Task
from reviews_app.models.mail_style import MailStyle
from reviews_app.services.tools import Tools

TROUBLE = "The file could not be read as a picture. Send a PNG, JPEG or WebP."


def encode_logo(style_id: UUID, *, tools: Tools) -> bool:
    """Give the store's style its new logo, or words on why not; gives whether it did. May run twice."""
    with transaction() as session:
        style = session.get(MailStyle, style_id)
        if style is None or style.logo_upload is None:
            return False
        raw, asked_at = style.logo_upload, style.logo_asked_at
    name = new_token()
    try:
        made: Made | None = _draw(raw, name, tools=tools)
    except Refused:
        made = None
    return _record(style_id, asked_at, name, made)


def _draw(raw: bytes, name: str, *, tools: Tools) -> Made:
    with TemporaryDirectory() as place:
        source, folder = Path(place) / "logo", Path(place) / "made"
        source.write_bytes(raw)
        folder.mkdir()
        made = work_in_child(Task(kind=PICTURE, source=str(source), folder=str(folder)))
        for suffix, path in sorted(results_in(folder).items()):
            tools.storage.keep_served(name, suffix, [path.read_bytes()])
        return made


def _record(style_id: UUID, asked_at: datetime | None, name: str, made: Made | None) -> bool:
    """Unless another file was sent meanwhile."""
    with transaction() as session:
        style = session.get(MailStyle, style_id)
        if style is None or style.logo_asked_at != asked_at or style.logo_upload is None:
            return False
        style.logo_upload = None
        style.logo_trouble = "" if made else TROUBLE
        if made:
            style.logo_name, style.logo_width, style.logo_height = name, made.width, made.height
        return made is not None
