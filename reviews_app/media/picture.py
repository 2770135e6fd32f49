"""Encodes a picture anew: upright, without a word of metadata, as WebP in three widths.

Only jobs import this: Pillow stays out of the web process (stack decision, and a bomb costs only the job).
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

WIDTHS = (1600, 640, 160)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF")
QUALITY = 80

pi_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = 60_000_000


class PictureRefused(Exception):
    """The bytes are no picture that can be shown: broken, cut off, or too many pixels."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """The size of the largest, and the WebP bytes by width."""

    width: int
    height: int
    files: dict[int, bytes]


def encode_picture(raw: bytes) -> Encoded:
    """Decode and encode anew at 1600, 640 and 160 pixels at most. Raises PictureRefused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=FORMATS) as opened:
                opened.draft("RGB", (WIDTHS[0], WIDTHS[0]))
                upright = ImageOps.exif_transpose(opened).convert("RGBA" if _is_clear(opened) else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as refused:
        raise PictureRefused(type(refused).__name__) from None
    except (Image.DecompressionBombError, MemoryError, EOFError) as refused:
        raise PictureRefused(type(refused).__name__) from None
    files: dict[int, bytes] = {}
    for width in WIDTHS:
        upright.thumbnail((width, width), Image.Resampling.LANCZOS, reducing_gap=2.0)
        if not files:
            size = upright.size
        files[width] = _webp(upright)
    return Encoded(*size, files)


def _is_clear(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _webp(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()
