from dataclasses import replace
from pathlib import Path

import av
import pytest
from PIL import Image

from reviews_app.media.refused import Refused
from reviews_app.media.signature import video_kind
from reviews_app.media.workshop.task import VIDEO, Made, Task
from reviews_app.media.workshop.video import make
from reviews_app.models.media_words import MediaTrouble
from tests.factories.video import PLACE, TITLE, Recording, add_silence, make_video


class Workshop:
    """Makes one video anew in this process and looks at what came out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = folder / "results"
        self.results.mkdir()

    def make(self, raw: bytes, *, most_seconds: int = 60) -> Made:
        source = self.folder / "source"
        source.write_bytes(raw)
        container = video_kind(raw[:16]) or "mov"
        return make(Task(VIDEO, str(source), str(self.results), container=container, most_seconds=most_seconds))

    @property
    def video(self) -> bytes:
        return (self.results / "video.mp4").read_bytes()

    def poster(self, size: int = 640) -> Image.Image:
        return Image.open(self.results / f"{size}.webp").convert("RGB")

    def played(self) -> tuple[str, tuple[int, int], str | None, float]:
        """Codec, shown size, sound and seconds of what came out, every picture decoded."""
        with av.open(str(self.results / "video.mp4")) as opened:
            stream = opened.streams.video[0]
            frames = list(opened.decode(stream))
            sound = opened.streams.audio[0].codec_context.name if opened.streams.audio else None
            turned = frames[0].rotation % 180
            size = (frames[0].height, frames[0].width) if turned else (frames[0].width, frames[0].height)
            return stream.codec_context.name, size, sound, len(frames) / float(stream.average_rate or 1)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def is_red(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    return bool(pixel[0] > 150 and pixel[2] < 110)


@pytest.mark.parametrize(("container", "place"), [("mp4", b"loci"), ("mov", PLACE.encode())])
def test_a_video_that_is_fine_keeps_its_pictures_and_loses_its_words(
    workshop: Workshop, tmp_path: Path, container: str, place: bytes
) -> None:
    raw = make_video(tmp_path, container=container)
    assert all(word in raw for word in (place, TITLE.encode(), b"x264"))
    made = workshop.make(raw)
    assert made.width == 320
    assert abs((made.duration_ms or 0) - 1000) < 150
    assert workshop.played()[:3] == ("h264", (320, 240), "aac")
    for word in (PLACE.encode(), TITLE.encode(), b"SECRET", b"x264", b"Lavf", b"loci", b"\xa9xyz", b"\xa9too"):
        assert word not in workshop.video


def test_it_plays_while_it_loads(workshop: Workshop, tmp_path: Path) -> None:
    workshop.make(make_video(tmp_path))
    assert 0 < workshop.video.index(b"moov") < workshop.video.index(b"mdat")


@pytest.mark.parametrize(
    ("codec", "container", "sound"),
    [("libx265", "mov", "aac"), ("libvpx-vp9", "webm", "libopus"), ("libvpx", "webm", "libopus"), ("mpeg4", "mp4", "")],
)
def test_what_not_every_browser_plays_becomes_h264(
    workshop: Workshop, tmp_path: Path, codec: str, container: str, sound: str
) -> None:
    options = (("x265-params", "log-level=0"),) if codec == "libx265" else ()
    made = workshop.make(make_video(tmp_path, codec=codec, container=container, sound=sound, options=options))
    assert abs((made.duration_ms or 0) - 1000) < 150
    assert workshop.played()[:3] == ("h264", (320, 240), "aac" if sound else None)
    assert PLACE.encode() not in workshop.video
    assert b"SECRET" not in workshop.video


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
@pytest.mark.parametrize(("turn", "red_at"), [(90, (120, 300)), (180, (300, 120)), (-90, (120, 20))])
def test_a_phone_held_upright_gives_an_upright_video_and_poster(
    workshop: Workshop, tmp_path: Path, codec: str, turn: int, red_at: tuple[int, int]
) -> None:
    options = (("x265-params", "log-level=0"),) if codec == "libx265" else ()
    made = workshop.make(make_video(tmp_path, codec=codec, container="mov", turn=turn, options=options))
    lying = turn == 180
    assert (made.width, made.height) == ((320, 240) if lying else (240, 320))
    assert workshop.played()[1] == ((320, 240) if lying else (240, 320))
    assert is_red(workshop.poster().getpixel(red_at))


def test_more_than_1080p_is_shrunk_and_odd_sizes_become_even(workshop: Workshop, tmp_path: Path) -> None:
    workshop.make(make_video(tmp_path, size=(2560, 1440), seconds=0.2))
    assert workshop.played()[1] == (1920, 1080)
    workshop.make(make_video(tmp_path, codec="libvpx", container="webm", sound="libopus", size=(201, 99), seconds=0.2))
    assert workshop.played()[1] == (200, 100)


def test_ten_bits_a_colour_become_eight(workshop: Workshop, tmp_path: Path) -> None:
    raw = make_video(tmp_path, codec="libx265", pixels="yuv420p10le", options=(("x265-params", "log-level=0"),))
    workshop.make(raw)
    with av.open(str(workshop.results / "video.mp4")) as opened:
        assert opened.streams.video[0].codec_context.pix_fmt == "yuv420p"


def test_too_long_is_refused_by_what_is_in_it(workshop: Workshop, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        workshop.make(make_video(tmp_path, seconds=4), most_seconds=1)
    assert refused.value.trouble is MediaTrouble.TOO_LONG


@pytest.mark.parametrize(
    ("codec", "container", "sound"), [("libx264", "matroska", "aac"), ("libvpx", "webm", "libopus")]
)
def test_a_recording_whose_clock_does_not_begin_at_nought_is_as_long_as_it_is(
    workshop: Workshop, tmp_path: Path, codec: str, container: str, sound: str
) -> None:
    asked = Recording(codec=codec, container=container, sound=sound, begins=500)
    made = workshop.make(make_video(tmp_path, asked))
    assert abs((made.duration_ms or 0) - 1000) < 150
    assert abs(workshop.played()[3] - 1) < 0.2
    with av.open(str(workshop.results / "video.mp4")) as opened:
        assert abs((opened.duration or 0) / av.time_base - 1) < 0.2
        assert all(abs(float((stream.start_time or 0) * (stream.time_base or 0))) < 0.2 for stream in opened.streams)
    with pytest.raises(Refused) as refused:
        workshop.make(make_video(tmp_path, replace(asked, seconds=4)), most_seconds=1)
    assert refused.value.trouble is MediaTrouble.TOO_LONG


def test_a_codec_phones_do_not_write_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        workshop.make(make_video(tmp_path, codec="mjpeg", container="mov", sound="", pixels="yuvj420p"))
    assert refused.value.trouble is MediaTrouble.UNKNOWN_CODEC


def test_sound_alone_is_no_video(workshop: Workshop, tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as made:
        sound = made.add_stream("aac", rate=48_000, layout="stereo")
        add_silence(made, sound, seconds=1)
    with pytest.raises(Refused):
        workshop.make(path.read_bytes())


@pytest.mark.parametrize("raw", [b"", b"\0\0\0\x18ftypmp42", b"\x1a\x45\xdf\xa3", b"#EXTM3U\nfile:///etc/passwd\n"])
def test_what_is_no_video_is_refused(workshop: Workshop, raw: bytes) -> None:
    with pytest.raises(Refused) as refused:
        workshop.make(raw)
    assert refused.value.trouble is MediaTrouble.BROKEN


def test_half_a_video_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    raw = make_video(tmp_path)
    with pytest.raises(Refused):
        workshop.make(raw[: len(raw) // 2])
