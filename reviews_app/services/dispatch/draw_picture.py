"""Draws a merchant's picture anew, in a process of its own: what is shown is never the file that was sent."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from reviews_app.lib.tokens import new_token
from reviews_app.media.refused import Refused
from reviews_app.media.work_in_child import results_in, work_in_child
from reviews_app.media.workshop.task import PICTURE, Task
from reviews_app.services.tools import Tools

TROUBLE = "The file could not be read as a picture. Send a PNG, JPEG or WebP."


@dataclass(frozen=True, slots=True)
class Drawn:
    """The stem of the files in the storage, and the size of the largest."""

    name: str
    width: int
    height: int


def draw_picture(raw: bytes, *, tools: Tools) -> Drawn | None:
    """Its files lie in the storage afterwards; None when the bytes are no picture. May raise StorageAway."""
    name = new_token()
    with TemporaryDirectory() as place:
        source, folder = Path(place) / "sent", Path(place) / "made"
        source.write_bytes(raw)
        folder.mkdir()
        try:
            made = work_in_child(Task(kind=PICTURE, source=str(source), folder=str(folder)))
        except Refused:
            return None
        for suffix, path in sorted(results_in(folder).items()):
            tools.storage.keep_served(name, suffix, [path.read_bytes()])
    return Drawn(name, made.width, made.height)
