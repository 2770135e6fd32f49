"""Pictures a test makes itself."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

# The place a phone wrote: 48 degrees 51 minutes north.
GPS = {1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)}
SECRET = b"SECRET-PLACE"


@dataclass(frozen=True)
class NamedPicture:
    """What an address of a picture is made of."""

    name: str
    view_key: str


def make_picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, mode: str = "RGB", colour: Any = None, **options: Any
) -> bytes:
    """The bytes of a plain picture: red left, blue right, unless one colour is asked for."""
    picture = Image.new(mode, size, colour if colour is not None else 0)
    if colour is None and mode == "RGB":
        picture.paste((220, 30, 30), (0, 0, size[0] // 2, size[1]))
        picture.paste((30, 30, 220), (size[0] // 2, 0, size[0], size[1]))
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def make_telling_picture(size: tuple[int, int] = (64, 48), *, orientation: int = 1) -> bytes:
    """A JPEG that tells a lot: place, maker notes, comment, XMP, IPTC, and a small picture inside."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825).update(GPS)
    exif.get_ifd(0x8769)[0x927C] = SECRET
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>" + SECRET + b"</a></x:xmpmeta>"
    jpeg = make_picture(size=size, exif=exif.tobytes(), xmp=xmp, comment=SECRET)
    iptc = (
        b"Photoshop 3.0\x008BIM\x04\x04\x00\x00"
        + (len(SECRET) + 5).to_bytes(4)
        + b"\x1c\x02\x78\x00"
        + bytes([len(SECRET)])
    )
    return _with_segment(_with_segment(jpeg, 0xED, iptc + SECRET), 0xE5, b"inner " + make_picture(size=(8, 8)) + SECRET)


def make_bomb(width: int, height: int) -> bytes:
    """A PNG of one colour, a few kilobytes for each hundred million pixels."""
    row = b"\0" * (1 + (width + 7) // 8)
    packed = zlib.compressobj(9)
    pixels = b"".join(packed.compress(row * 1000) for _ in range(height // 1000)) + packed.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*one) for one in ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    """The same JPEG with another segment right after its start."""
    return jpeg[:2] + bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2) + content + jpeg[2:]
