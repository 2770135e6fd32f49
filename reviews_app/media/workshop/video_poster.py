"""The picture shown before a video plays: its first, upright."""

from dataclasses import dataclass

from av.video.frame import VideoFrame
from PIL import Image

from reviews_app.media.picture import Encoded, renditions_of
from reviews_app.media.refused import Refused
from reviews_app.media.workshop.task import Task
from reviews_app.media.workshop.video_parts import opened, parts_of
from reviews_app.models.media_words import SIZES, MediaTrouble

TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
# Broken packets before the first whole picture are passed over, for so long.
MOST_PACKETS = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """A video's first picture: what the rest must be like, and its poster."""

    width: int
    height: int
    pixels: str
    turn: int
    poster: Encoded


def opening_of(task: Task) -> Opening:
    """Decode until the first whole picture. Raises Refused when there is none."""
    with opened(task) as container:
        parts = parts_of(container, task)
        for place, packet in enumerate(container.demux(parts.video)):
            for frame in packet.decode():
                if isinstance(frame, VideoFrame):
                    poster = renditions_of(_upright(frame), formats=task.formats)
                    return Opening(frame.width, frame.height, frame.format.name, _turn_of(frame), poster)
            if place > MOST_PACKETS:
                break
    raise Refused(MediaTrouble.BROKEN)


def _turn_of(frame: VideoFrame) -> int:
    """By how many degrees against the clock it must be turned to stand upright: 0, 90, 180 or 270."""
    return round(frame.rotation / 90) * 90 % 360


def _upright(frame: VideoFrame) -> Image.Image:
    shrink = min(1.0, SIZES[0] / max(frame.width, frame.height))
    small = frame.reformat(
        width=max(2, round(frame.width * shrink)), height=max(2, round(frame.height * shrink)), format="rgb24"
    )
    picture: Image.Image = small.to_image()  # type: ignore[no-untyped-call]
    turn = _turn_of(frame)
    return picture.transpose(TURNS[turn]) if turn else picture
