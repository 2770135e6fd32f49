"""A picture's work in the child process."""

from pathlib import Path

from reviews_app.media.picture import Encoded, encode_picture
from reviews_app.media.workshop.task import Made, Task


def make(task: Task) -> Made:
    """Write each size and format into the task's folder. Raises Refused, and OSError when the place fails."""
    with Path(task.source).open("rb") as source:
        encoded = encode_picture(source, formats=task.formats, mail_file=task.mail_file)
    keep(encoded, task.results)
    return Made(encoded.width, encoded.height)


def keep(encoded: Encoded, folder: Path) -> None:
    """One file for each suffix."""
    for suffix, file in encoded.files.items():
        (folder / suffix).write_bytes(file)
