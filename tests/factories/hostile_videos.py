"""Videos that have ended interpreters, filled disks or opened other files."""

import struct
from collections.abc import Iterator
from pathlib import Path

from tests.factories.heic import box
from tests.factories.video import make_video

MOST = b"\xff\xff\xff\xff"


def hostile_videos(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """What it is, its name, its bytes."""
    raw = make_video(folder, seconds=0.4)
    webm = make_video(folder, seconds=0.4, codec="libvpx", container="webm", sound="libopus")
    yield from _broken_times(raw)
    yield from _broken_sizes(raw)
    for part in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        yield f"MP4 cut at {part}", "cut.mp4", raw[: int(len(raw) * part)]
        yield f"WebM cut at {part}", "cut.webm", webm[: int(len(webm) * part)]
    yield (
        "video in a codec no phone writes",
        "odd.mov",
        make_video(folder, seconds=0.2, codec="mjpeg", container="mov", sound="", pixels="yuvj420p"),
    )
    yield (
        "video of lossless pictures",
        "odd.mov",
        make_video(folder, seconds=0.2, codec="png", container="mov", sound="", pixels="rgb24"),
    )
    yield "only a head", "head.mp4", raw[:32]
    yield "boxes in boxes in boxes", "deep.mp4", raw[:32] + _nested(5000)
    yield "endless EBML", "evil.webm", b"\x1a\x45\xdf\xa3" + b"\x01" + MOST + b"\xff" * 3000
    yield "WebM that says MP4", "evil.mp4", raw[:16] + webm
    yield (
        "MP4 that names another file",
        "evil.mov",
        raw.replace(box(b"url ", b"\0\0\0\1"), box(b"url ", b"\0\0\0\0")).replace(
            b"\0\0\0\0url ", b"file:///etc/passwd"
        ),
    )
    yield "MP4 without a picture", "evil.mp4", raw.replace(b"vide", b"text")


def _broken_times(raw: bytes) -> Iterator[tuple[str, str, bytes]]:
    """A track's seconds counted in parts of nothing; a moment longer than the universe."""
    for kind in (b"mvhd", b"mdhd"):
        for words, value in (("no", 0), ("one", 1), ("too many", 0xFFFFFFFF), ("minus", 0x80000000)):
            yield f"{kind.decode()} with {words} parts a second", "time.mp4", _patched(raw, kind, 12, value)
        yield f"{kind.decode()} of endless length", "time.mp4", _patched(raw, kind, 16, 0xFFFFFFFF)
    for words, value in (("none", 0), ("most", 0xFFFFFFFF), ("minus", 0x80000000)):
        yield f"stts with {words} between two pictures", "time.mp4", _patched(raw, b"stts", 12, value)
        yield f"stts with {words} entries", "time.mp4", _patched(raw, b"stts", 4, value)


def _broken_sizes(raw: bytes) -> Iterator[tuple[str, str, bytes]]:
    for kind in (b"stsz", b"stco", b"stsc"):
        yield f"{kind.decode()} with most entries", "size.mp4", _patched(raw, kind, 4, 0xFFFFFFFF)
        yield f"{kind.decode()} pointing far away", "size.mp4", _patched(raw, kind, 8, 0x7FFFFFF0)
    place = raw.index(b"avc1", raw.index(b"stsd")) + 28
    for size in ((0, 0), (65535, 65535), (16384, 16384), (1, 65535)):
        yield f"a track of {size} pixels", "size.mp4", raw[:place] + struct.pack(">HH", *size) + raw[place + 4 :]
    for kind in (b"moov", b"trak", b"stbl", b"avcC"):
        start = raw.index(kind) - 4
        yield f"{kind.decode()} longer than the file", "size.mp4", raw[:start] + b"\x7f\xff\xff\xff" + raw[start + 4 :]
        yield f"{kind.decode()} of no length", "size.mp4", raw[:start] + bytes(4) + raw[start + 4 :]


def _patched(raw: bytes, kind: bytes, offset: int, value: int) -> bytes:
    """Four bytes so far behind the name of a box set to that number."""
    place = raw.index(kind) + 4 + offset
    return raw[:place] + struct.pack(">I", value) + raw[place + 4 :]


def _nested(depth: int) -> bytes:
    inner = b""
    for _ in range(depth):
        inner = box(b"moov", inner)
    return inner
