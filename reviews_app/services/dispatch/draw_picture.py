"""Draws a merchant's picture anew, in a process of its own: what is shown is never the file that was sent."""

from collections.abc import Callable
from dataclasses import dataclass

from reviews_app.lib.tokens import new_token
from reviews_app.media.refused import Refused
from reviews_app.media.work_in_child import results_in, work_in_child
from reviews_app.media.workshop.task import PICTURE, Made, Task
from reviews_app.models.media_words import MediaTrouble
from reviews_app.services.dispatch.work_place import work_place
from reviews_app.services.tools import Tools

# Two minutes apart, as the sweep asks: a lack of memory passes meanwhile.
MOST_TRIES = 5
TROUBLE = "The file could not be read as a picture. Send a PNG, JPEG or WebP."
TOO_LARGE = "The picture has more pixels than can be opened. Send a smaller one."
TOO_HEAVY = "The picture takes too long to draw. Send a smaller one."
GIVEN_UP = f"The picture could not be drawn, though it was tried {MOST_TRIES} times. Send a smaller one, or try again."
WORDS = {MediaTrouble.TOO_LARGE_TO_DECODE: TOO_LARGE, MediaTrouble.TOO_HEAVY: TOO_HEAVY}

Work = Callable[[Task], Made]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The stem of the files in the storage, and the size of the largest."""

    name: str
    width: int
    height: int


def draw_picture(
    raw: bytes,
    *,
    mail_file: str,
    tools: Tools,
    formats: tuple[str, ...] = ("webp",),
    name: str = "",
    work: Work = work_in_child,
) -> Drawn | str:
    """Its files lie in the storage afterwards, under a new name unless one is given: one for mails, and three sizes
    in each format. Words when the file is at fault. May raise StorageAway and Unfinished: the sweep asks again.
    """
    name = name or new_token()
    with work_place(tools) as place:
        source, folder = place / "sent", place / "made"
        source.write_bytes(raw)
        folder.mkdir()
        try:
            task = Task(PICTURE, str(source), str(folder), formats=formats, mail_file=mail_file)
            made, results = work(task), results_in(folder)
        except Refused as refused:
            return WORDS.get(refused.trouble, TROUBLE)
        for suffix, path in sorted(results.items()):
            tools.storage.keep_served(name, suffix, [path.read_bytes()])
    return Drawn(name, made.width, made.height)
