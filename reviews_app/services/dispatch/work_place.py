"""Where one file is worked on: below the data folder, so that the tidying finds what a killed worker left."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from reviews_app.media.keeper import WORK_FOLDER
from reviews_app.services.tools import Tools


@contextmanager
def work_place(tools: Tools) -> Iterator[Path]:
    """A folder of its own that goes with the work."""
    folder = tools.settings.data_dir / WORK_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as place:
        yield Path(place)
