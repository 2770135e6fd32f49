"""Draws a merchant's picture anew, in a process of its own: what is shown is never the file that was sent."""

from dataclasses import dataclass

from reviews_app.lib.tokens import new_token
from reviews_app.media.refused import Refused
from reviews_app.media.work_in_child import results_in, work_in_child
from reviews_app.media.workshop.task import PICTURE, Task
from reviews_app.services.dispatch.work_place import work_place
from reviews_app.services.tools import Tools

TROUBLE = "The file could not be read as a picture. Send a PNG, JPEG or WebP."


@dataclass(frozen=True, slots=True)
class Drawn:
    """The stem of the files in the storage, and the size of the largest."""

    name: str
    width: int
    height: int


def draw_picture(
    raw: bytes, *, mail_file: str, tools: Tools, formats: tuple[str, ...] = ("webp",), name: str = ""
) -> Drawn | None:
    """Its files lie in the storage afterwards, under a new name unless one is given: one for mails, and three sizes
    in each format. None when the bytes are no picture. May raise StorageAway and Unfinished: the sweep asks again.
    """
    name = name or new_token()
    with work_place(tools) as place:
        source, folder = place / "sent", place / "made"
        source.write_bytes(raw)
        folder.mkdir()
        try:
            task = Task(PICTURE, str(source), str(folder), formats=formats, mail_file=mail_file)
            made = work_in_child(task)
        except Refused:
            return None
        for suffix, path in sorted(results_in(folder).items()):
            tools.storage.keep_served(name, suffix, [path.read_bytes()])
    return Drawn(name, made.width, made.height)
