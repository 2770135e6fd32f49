"""Every file that means harm, with what is to become of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.factories import hostile_pictures as pictures
from tests.factories.hostile_names import NAMES
from tests.factories.hostile_videos import hostile_videos
from tests.factories.picture import make_picture

# Stands in whatever hangs on a picture or is no picture: never in what is served.
MARK = b"MARK"
MIB = 1024 * 1024


class Fate(StrEnum):
    """What is to become of a file."""

    NOT_TAKEN = "not taken"
    FAILS = "fails"
    SHOWN = "shown"
    EITHER = "either"


@dataclass(frozen=True)
class Hostile:
    """A file a stranger sends."""

    what: str
    file_name: str
    raw: bytes
    fate: Fate = Fate.EITHER


def hostile_files(folder: Path) -> Iterator[Hostile]:
    """All of them, the same ones every time."""
    kinds = (
        (pictures.giants, Fate.FAILS),
        (pictures.films, Fate.SHOWN),
        (pictures.truncated, Fate.EITHER),
        (pictures.polyglots, Fate.SHOWN),
        (pictures.no_pictures, Fate.NOT_TAKEN),
        (pictures.heads_alone, Fate.FAILS),
    )
    for make, fate in kinds:
        for what, name, raw in make():
            yield Hostile(what, name, raw, fate)
    for name in NAMES:
        # A line break in a name breaks the form's own head: then no file comes at all.
        fate = Fate.EITHER if "\n" in name else Fate.SHOWN
        yield Hostile(f"a picture called {name!r}", name, make_picture(), fate)
    yield Hostile("a byte more than fits", "large.jpg", make_picture() + bytes(15 * MIB), Fate.NOT_TAKEN)
    for what, name, raw in hostile_videos(folder):
        yield Hostile(what, name, raw, Fate.EITHER)
