"""Pictures that ask for more than they are, or are something else as well."""

import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from tests.factories.heic import make_heic
from tests.factories.picture import make_bomb, make_picture

SCRIPT = b"<html><body><script>alert('MARK')</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(\'MARK\')"/>'
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
# What is hung behind or put into a picture: none of it may come out.
STRANGERS = {
    "a page": SCRIPT,
    "a drawing": SVG,
    "an archive": b"PK\x03\x04" + bytes(26) + b"MARK.txtMARK" + b"PK\x05\x06" + bytes(18),
    "a document": b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert('MARK'))>>>>endobj",
    "a program": b"<?php system($_GET['MARK']); ?>",
    "a shell script": b"\n#!/bin/sh\necho MARK\n",
}
NO_PICTURES = {
    "a page": SCRIPT,
    "a page behind blanks": b"\n" * 600 + SCRIPT,
    "a drawing": SVG,
    "a drawing without its line": b"<svg onload=alert('MARK')>",
    "XML of other things": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;MARK</x>',
    "a document": STRANGERS["a document"],
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(MARK) show",
    "a program of Windows": b"MZ" + bytes(200) + b"MARK",
    "a program of Linux": b"\x7fELF" + bytes(200) + b"MARK",
    "an archive": STRANGERS["an archive"],
    "a shell script": b"#!/bin/sh\necho MARK\n",
    "a page's script": b"alert('MARK')//",
    "a program of servers": STRANGERS["a program"],
    "ImageMagick's own": b"push graphic-context\nviewbox 0 0 9 9\nfill 'url(https://127.0.0.1/MARK.jpg\"|ls \"-la)'\n",
    "a list of videos": b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\nMARK",
    "a list to join": b"ffconcat version 1.0\nfile '/etc/passwd'\n#MARK",
    "Windows' own picture": b"BM" + bytes(60) + b"MARK",
    "a fax": b"II*\0" + bytes(60) + b"MARK",
    "Photoshop's": b"8BPS\0\1" + bytes(60) + b"MARK",
    "an icon": b"\0\0\1\0\1\0" + bytes(60) + b"MARK",
}


def giants() -> Iterator[tuple[str, str, bytes]]:
    """Few bytes that ask for gigabytes. None may be decoded."""
    yield "a PNG of 900 million pixels", "bomb.png", make_bomb(30_000, 30_000)
    for width, height in ((30_000, 30_000), (65_535, 65_535), (2**31 - 1, 1), (1, 2**31 - 1), (2**31 - 1, 2**31 - 1)):
        for depth, colour in ((1, 0), (16, 6)):
            raw = _png(width, height, depth=depth, colour=colour)
            yield f"a PNG that says {width} by {height} in {depth} bits", "giant.png", raw
    for width, height in ((16_384, 16_384), (16_777_215, 16_777_215)):
        yield f"a WebP canvas of {width} by {height}", "giant.webp", _webp_canvas(width, height)
    for kind, name in ((b"VP8L", "lossless"), (b"VP8 ", "lossy")):
        yield f"a {name} WebP that says 16,383 by 16,383", "giant.webp", _webp_frame(kind)
    for width, height in ((65_535, 65_535), (30_000, 30_000)):
        yield f"a GIF screen of {width} by {height}", "giant.gif", _gif_screen(width, height)
        yield f"a progressive JPEG that says {width} by {height}", "giant.jpg", _jpeg_says(width, height)
    for size in ((30_000, 30_000), (65_535, 65_535), (2**31 - 1, 2**31 - 1), (2**32 - 1, 2**32 - 1)):
        yield f"a HEIC that says {size}", "giant.heic", make_heic(claimed=size)
        yield f"an AVIF that says {size}", "giant.avif", _avif_says(*size)


def films() -> Iterator[tuple[str, str, bytes]]:
    """Pictures that move for ever: the first of them is enough."""
    for kind, name in (("GIF", "film.gif"), ("PNG", "film.png"), ("WEBP", "film.webp")):
        count = 10_000 if kind == "GIF" else 300
        yield f"{count} pictures in a {kind}", name, _film(kind, count)


def truncated() -> Iterator[tuple[str, str, bytes]]:
    """Cut off anywhere."""
    whole = {kind: make_picture(kind, (400, 300)) for kind in KINDS} | {"HEIC": make_heic((400, 300))}
    for kind, raw in whole.items():
        for part in (0.01, 0.1, 0.5, 0.9, 0.99):
            yield f"{kind} cut at {part}", f"cut.{kind.lower()}", raw[: max(17, int(len(raw) * part))]


def polyglots() -> Iterator[tuple[str, str, bytes]]:
    """A picture first, something else behind it: shown, without the rest."""
    for words, stranger in STRANGERS.items():
        for kind in (*KINDS, "HEIC"):
            raw = make_heic() if kind == "HEIC" else make_picture(kind)
            yield f"{kind} with {words} behind it", f"two.{kind.lower()}", raw + stranger
    yield "JPEG with a page as its comment", "two.jpg", make_picture(comment=SCRIPT + b"MARK")
    yield "GIF with a page as its comment", "two.gif", make_picture("GIF", comment=SCRIPT + b"MARK")


def no_pictures() -> Iterator[tuple[str, str, bytes]]:
    """Something else under a picture's name: refused by its bytes."""
    for words, raw in NO_PICTURES.items():
        for name in ("cat.jpg", "cat.png.html", "cat.mp4"):
            yield f"{words} called {name}", name, raw
    yield "nothing", "empty.jpg", b""
    for head in (b"\xff", b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF", b"\0\0\0\x18ftyp"):
        yield f"the first bytes {head!r} alone", "head.jpg", head


def heads_alone() -> Iterator[tuple[str, str, bytes]]:
    """The right first bytes and then nothing, or noise."""
    chance = random.Random(5)
    heads = (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\xff\xff\xff\xffWEBP", b"\0\0\0\x18ftypheic")
    for head in (*heads, b"\0\0\0\x18ftypavif", b"\0\0\0\x18ftypmif1"):
        yield f"{head!r} and nothing", "head.jpg", head + bytes(8)
        yield f"{head!r} and noise", "noise.jpg", head + chance.randbytes(5000)
        yield f"{head!r} and a page", "page.jpg", head + SCRIPT


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(width: int, height: int, *, depth: int, colour: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = _chunk(b"IDAT", zlib.compress(bytes(10_000)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + body + _chunk(b"IEND", b"")


def _webp_canvas(width: int, height: int) -> bytes:
    raw = make_picture("WEBP", mode="RGBA", colour=(1, 2, 3, 4))
    frame = raw[12:]
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes([0x10, 0, 0, 0])
    canvas += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(canvas) + len(frame) + 4) + b"WEBP" + canvas + frame


def _webp_frame(kind: bytes) -> bytes:
    raw = bytearray(make_picture("WEBP", lossless=kind == b"VP8L"))
    place = raw.index(kind) + 8
    if kind == b"VP8L":
        raw[place + 1 : place + 5] = struct.pack("<I", 16_382 | 16_382 << 14)
    else:
        raw[place + 6 : place + 10] = struct.pack("<HH", 16_383, 16_383)
    return bytes(raw)


def _gif_screen(width: int, height: int) -> bytes:
    raw = bytearray(make_picture("GIF"))
    raw[6:10] = struct.pack("<HH", width, height)
    place = raw.index(b"\x2c", 13)
    raw[place + 5 : place + 9] = struct.pack("<HH", width, height)
    return bytes(raw)


def _jpeg_says(width: int, height: int) -> bytes:
    raw = bytearray(make_picture("JPEG", progressive=True))
    place = raw.index(b"\xff\xc2") + 5
    raw[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(raw)


def _avif_says(width: int, height: int) -> bytes:
    raw = bytearray(make_picture("AVIF"))
    place = raw.index(b"ispe") + 8
    raw[place : place + 8] = struct.pack(">II", width, height)
    return bytes(raw)


def _film(kind: str, count: int) -> bytes:
    pictures = [Image.new("P" if kind == "GIF" else "RGB", (16, 16), place % 250) for place in range(50)]
    out = BytesIO()
    rest = (pictures[place % 50] for place in range(count - 1))
    pictures[0].save(out, kind, save_all=True, append_images=rest, duration=20, loop=0)
    return out.getvalue()
