"""A video's work in the child process: H.264 and AAC in MP4 that plays while it loads, a poster, and how long it is.

What is H.264 up to 1080p already is only put into a new container, without the words an encoder or camera left in it.
"""

import errno
from pathlib import Path

import av
from av.error import FFmpegError

from reviews_app.media.disk import is_of_the_place
from reviews_app.media.refused import Refused
from reviews_app.media.workshop import picture
from reviews_app.media.workshop.task import Made, Task
from reviews_app.media.workshop.video_parts import opened, parts_of
from reviews_app.media.workshop.video_poster import Opening, opening_of
from reviews_app.media.workshop.video_remux import may_be_remuxed, remux
from reviews_app.media.workshop.video_transcode import transcode
from reviews_app.models.media_words import MediaTrouble

TARGET = "video.mp4"
# What broken containers make the libraries raise; a wrong time base has ended whole interpreters, hence the child.
BROKEN = (FFmpegError, ValueError, ArithmeticError, RuntimeError, TypeError, AttributeError, LookupError, OSError)


def make(task: Task) -> Made:
    """Write the video and its poster into the task's folder. Raises Refused, and OSError when the place fails."""
    av.logging.set_level(None)
    try:
        return _make(task)
    except Refused:
        raise
    except MemoryError:
        raise Refused(MediaTrouble.TOO_HEAVY) from None
    except BROKEN as trouble:
        if _is_of_the_place(trouble):
            raise
        raise Refused(MediaTrouble.BROKEN) from None


def _make(task: Task) -> Made:
    opening = opening_of(task)
    picture.keep(opening.poster, task.results)
    seconds = _written(task, opening, task.results / TARGET)
    if seconds <= 0:
        raise Refused(MediaTrouble.BROKEN)
    return Made(opening.poster.width, opening.poster.height, round(seconds * 1000))


def _written(task: Task, opening: Opening, target: Path) -> float:
    """The video itself; gives its seconds. Packets that cannot be moved as they are may still be decoded."""
    with opened(task) as source:
        parts = parts_of(source, task)
        if may_be_remuxed(parts):
            try:
                return remux(parts, target)
            except FFmpegError as trouble:
                if _is_of_the_place(trouble):
                    raise
    target.unlink(missing_ok=True)
    with opened(task) as source:
        return transcode(parts_of(source, task), opening, target)


def _is_of_the_place(trouble: Exception) -> bool:
    """FFmpeg says EIO of a file that is cut off as well: from it that word says nothing."""
    return is_of_the_place(trouble) and not (isinstance(trouble, FFmpegError) and trouble.errno == errno.EIO)
