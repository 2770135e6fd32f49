"""Videos a test makes itself: the left half red, the right half blue, and perhaps a tone."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream
from PIL import Image

PLACE = "+48.8577+002.2950/"
TITLE = "SECRET-TITLE"


@dataclass(frozen=True, slots=True)
class Recording:
    """What to record."""

    codec: str = "libx264"
    container: str = "mp4"
    size: tuple[int, int] = (320, 240)
    seconds: float = 1.0
    rate: int = 15
    sound: str = "aac"
    turn: int = 0
    # What its clock shows when it begins.
    begins: int = 0
    pixels: str = "yuv420p"
    options: tuple[tuple[str, str], ...] = ()


def make_video(folder: Path, recording: Recording | None = None, **changes: object) -> bytes:
    """The bytes of a short video with a place and a title in it."""
    asked = recording or Recording(**changes)  # type: ignore[arg-type]
    path = folder / f"recorded.{asked.container}"
    with av.open(str(path), "w", format=asked.container) as made:
        made.metadata.update(location=PLACE, title=TITLE)
        video = made.add_stream(asked.codec, rate=asked.rate, options=dict(asked.options))
        assert isinstance(video, VideoStream)
        video.width, video.height = asked.size
        video.pix_fmt = asked.pixels
        if asked.turn:
            video.set_display_rotation(asked.turn)
        sound = made.add_stream(asked.sound, rate=48_000, layout="stereo") if asked.sound else None
        count = max(1, round(asked.seconds * asked.rate))
        for place in range(count):
            frame = av.VideoFrame.from_image(_picture(asked.size, place / count))  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = place + asked.begins * asked.rate, Fraction(1, asked.rate)
            made.mux(video.encode(frame))
        made.mux(video.encode(None))
        if isinstance(sound, AudioStream):
            add_silence(made, sound, seconds=asked.seconds, begins=asked.begins)
    return path.read_bytes()


def _picture(size: tuple[int, int], part: float) -> Image.Image:
    picture = Image.new("RGB", size, (30, 30, 220))
    picture.paste((220, 30, 30), (0, 0, size[0] // 2, size[1]))
    edge = size[1] // 8
    picture.paste((240, 240, 240), (0, int(part * (size[1] - edge)), edge, int(part * (size[1] - edge)) + edge))
    return picture


def add_silence(made: OutputContainer, sound: AudioStream, *, seconds: float, begins: int = 0) -> None:
    """A track of it."""
    for place in range(0, int(seconds * 48_000), 960):
        frame = av.AudioFrame(format="fltp", layout="stereo", samples=960)
        frame.sample_rate, frame.pts, frame.time_base = 48_000, place + begins * 48_000, Fraction(1, 48_000)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        made.mux(sound.encode(frame))
    made.mux(sound.encode(None))
