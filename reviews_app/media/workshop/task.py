"""What the child process is handed and hands back: as JSON, for by then it may say what a stranger wants."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from reviews_app.media.refused import Refused
from reviews_app.models.media_words import SIZES, MediaTrouble

PICTURE, VIDEO = "picture", "video"


@dataclass(frozen=True, slots=True)
class Task:
    """One file to make anew: `source` is read, results are written into `folder`."""

    kind: str
    source: str
    folder: str
    formats: tuple[str, ...] = ("webp",)
    # Of a picture: MAIL_JPEG or MAIL_PNG beside them, for mails.
    mail_file: str = ""
    # Of a video: how its container is read (`mov` or `matroska`), and how long it may be.
    container: str = ""
    most_seconds: int = 60

    def as_text(self) -> str:
        """One argument of a command line."""
        return json.dumps(asdict(self))

    @property
    def results(self) -> Path:
        """The folder of what was made."""
        return Path(self.folder)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the size of the largest picture (or poster) and how long a video is."""

    width: int
    height: int
    duration_ms: int | None = None

    def as_text(self) -> str:
        """One line."""
        return json.dumps(asdict(self))


def read_task(text: str) -> Task:
    """The child's argument."""
    values = json.loads(text)
    return Task(**values | {"formats": tuple(values["formats"])})


def read_made(text: str) -> Made:
    """The child's line. Raises Refused for what the child refused, and for any line it could not honestly have said."""
    try:
        values = json.loads(text)
        if "trouble" in values:
            raise Refused(MediaTrouble(values["trouble"]))
        duration = values["duration_ms"]
        made = Made(int(values["width"]), int(values["height"]), None if duration is None else int(duration))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise Refused(MediaTrouble.BROKEN) from None
    if not (0 < made.width <= SIZES[0] and 0 < made.height <= SIZES[0] and 0 <= (made.duration_ms or 0) < 10**8):
        raise Refused(MediaTrouble.BROKEN)
    return made
