"""Pictures and videos that tell where and by whom they were made, in every place a format has for it."""

import struct
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.factories.heic import make_heic
from tests.factories.picture import GPS, SECRET, make_picture, make_telling_picture
from tests.factories.video import PLACE, TITLE, make_video

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
XMP += (
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='" + SECRET + b"'/></rdf:RDF></x:xmpmeta>"
)
WORDS = (SECRET, PLACE.encode(), TITLE.encode())


def telling_pictures() -> Iterator[tuple[str, bytes]]:
    """The kind and the bytes; each holds SECRET and a place."""
    exif = _exif()
    yield "JPEG", make_telling_picture((320, 240), orientation=6)
    yield "PNG", make_picture("PNG", (320, 240), exif=exif, pnginfo=_png_words())
    yield "WEBP", make_picture("WEBP", (320, 240), exif=exif, xmp=XMP)
    yield "AVIF", make_picture("AVIF", (320, 240), exif=exif, xmp=XMP)
    yield "GIF", make_picture("GIF", (320, 240), comment=SECRET)
    yield "HEIC", make_heic((320, 240), exif=exif.removeprefix(b"Exif\0\0"))
    yield "JPEG with a small one inside", _with_thumbnail()


def telling_videos(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The kind and the bytes; each holds the place and the title."""
    yield "MP4", _with_atoms(make_video(folder, seconds=0.5))
    yield "MOV", _with_atoms(make_video(folder, seconds=0.5, container="mov"))
    yield "MP4 of HEVC", make_video(folder, seconds=0.5, codec="libx265", options=(("x265-params", "log-level=0"),))
    yield "WebM", make_video(folder, seconds=0.5, codec="libvpx", container="webm", sound="libopus")


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = exif[0x8298] = exif[0x0131] = SECRET.decode()
    exif[0x010F], exif[0x0110] = "Phone of SECRET-PLACE", "One"
    exif.get_ifd(0x8825).update(GPS)
    own = exif.get_ifd(0x8769)
    own[0x927C], own[0x9286], own[0xA431] = SECRET, b"ASCII\0\0\0" + SECRET, SECRET.decode()
    return exif.tobytes()


def _png_words() -> PngInfo:
    words = PngInfo()
    words.add_text("Author", SECRET.decode())
    words.add_text("Comment", SECRET.decode(), zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    words.add(b"prVt", SECRET)
    return words


def _with_thumbnail() -> bytes:
    """An IFD1 as cameras write it, whose small picture shows what the large one no longer does."""
    small = make_picture(size=(16, 12), comment=SECRET)
    first = struct.pack(">HHHII", 1, 0x010E, 2, len(SECRET), 26 + 42) + struct.pack(">I", 26)
    second = struct.pack(">H", 3) + struct.pack(">HHIHH", 0x0103, 3, 1, 6, 0)
    at = 26 + 42 + len(SECRET)
    second += struct.pack(">HHII", 0x0201, 4, 1, at) + struct.pack(">HHII", 0x0202, 4, 1, len(small))
    tiff = b"MM\0\x2a\0\0\0\x08" + first + second + struct.pack(">I", 0) + SECRET + small
    return make_picture(size=(320, 240), exif=b"Exif\0\0" + tiff)


def _with_atoms(raw: bytes) -> bytes:
    """Words and a place behind the index as well, where phones and editors put theirs."""
    xmp = struct.pack(">I", 24 + len(XMP)) + b"uuid" + bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + XMP
    place = PLACE.encode()
    text = struct.pack(">HH", len(place), 0x15C7) + place
    atom = struct.pack(">I", 8 + len(text)) + b"\xa9xyz" + text
    return (
        raw
        + xmp
        + struct.pack(">I", 8 + len(atom))
        + b"udta"
        + atom
        + struct.pack(">I", 8 + len(SECRET))
        + b"free"
        + SECRET
    )
