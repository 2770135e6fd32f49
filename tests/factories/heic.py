"""HEIC pictures a test makes itself: one HEVC frame in the boxes of ISO/IEC 23008-12, and whatever is asked beside."""

import struct
from fractions import Fraction
from io import BytesIO

import av
from av.video.stream import VideoStream
from PIL import Image

PICTURE, EXIF = 1, 2


def make_heic(
    size: tuple[int, int] = (64, 48),
    *,
    picture: Image.Image | None = None,
    exif: bytes = b"",
    claimed: tuple[int, int] | None = None,
) -> bytes:
    """A picture of that size; `claimed` is what its header says instead, `exif` a TIFF block as a phone writes it."""
    config, frame = _encoded(picture or _two_colours(size))
    items = [(PICTURE, b"hvc1", frame)]
    if exif:
        items.append((EXIF, b"Exif", struct.pack(">I", 6) + b"Exif\0\0" + exif))
    head = box(b"ftyp", b"heic", struct.pack(">I", 0), b"mif1heic")
    start = len(head) + len(_meta(items, config, claimed or size, start=0)) + 8
    return head + _meta(items, config, claimed or size, start=start) + box(b"mdat", *(one[2] for one in items))


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box with its length before it."""
    content = b"".join(parts)
    return struct.pack(">I", len(content) + 8) + kind + content


def full_box(kind: bytes, *parts: bytes, version: int = 0) -> bytes:
    """A box with a version and no flags."""
    return box(kind, bytes([version, 0, 0, 0]), *parts)


def _meta(items: list[tuple[int, bytes, bytes]], config: bytes, size: tuple[int, int], *, start: int) -> bytes:
    places, entries = [], []
    for number, kind, content in items:
        places.append(struct.pack(">HHHII", number, 0, 1, start, len(content)))
        entries.append(full_box(b"infe", struct.pack(">HH", number, 0), kind, b"\0", version=2))
        start += len(content)
    count = struct.pack(">H", len(items))
    properties = box(b"ipco", config, full_box(b"ispe", struct.pack(">II", *size)))
    belongs = full_box(b"ipma", struct.pack(">IHB", 1, PICTURE, 2), bytes([0x81, 2]))
    about = box(b"cdsc", struct.pack(">HHH", EXIF, 1, PICTURE))
    return full_box(
        b"meta",
        full_box(b"hdlr", struct.pack(">I", 0), b"pict", bytes(12), b"\0"),
        full_box(b"pitm", struct.pack(">H", PICTURE)),
        full_box(b"iloc", bytes([0x44, 0]), count, *places),
        full_box(b"iinf", count, *entries),
        *([full_box(b"iref", about)] if len(items) > 1 else []),
        box(b"iprp", properties, belongs),
    )


def _encoded(picture: Image.Image) -> tuple[bytes, bytes]:
    """The decoder's configuration as a box, and the frame as it lies in a file."""
    out = BytesIO()
    with av.open(out, "w", format="mp4") as made:
        stream = made.add_stream(
            "libx265", rate=1, options={"x265-params": "log-level=0:keyint=1", "preset": "ultrafast"}
        )
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = picture.size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.codec_tag = "hvc1"
        frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
        frame.pts, frame.time_base = 0, Fraction(1, 1)
        made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    raw = out.getvalue()
    return box(b"hvcC", _content(raw, b"hvcC")), _content(raw, b"mdat")


def _content(raw: bytes, kind: bytes) -> bytes:
    place = raw.index(kind)
    (length,) = struct.unpack(">I", raw[place - 4 : place])
    return raw[place + 4 : place - 4 + length]


def _two_colours(size: tuple[int, int]) -> Image.Image:
    picture = Image.new("RGB", size, (30, 30, 220))
    picture.paste((220, 30, 30), (0, 0, size[0] // 2, size[1]))
    return picture
