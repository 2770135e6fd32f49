"""Encodes a picture anew: upright, in sRGB, without a word of metadata, as WebP (and AVIF if asked) in three sizes.

Pillow stays out of the web process; what strangers send is decoded in a child process (media/workshop).
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import IO

import pi_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from reviews_app.media.disk import is_of_the_place
from reviews_app.media.mail_picture import mail_picture
from reviews_app.media.refused import Refused
from reviews_app.models.media_words import SIZES, MediaTrouble

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF")
QUALITY, AVIF_QUALITY, AVIF_SPEED = 80, 60, 8
# The largest phone cameras of today make 50 megapixels. A JPEG is scaled while it is decoded, so it may be larger.
MOST_PIXELS = 52_000_000
MOST_JPEG_PIXELS = 208_000_000
# Without scaling at hand, Pillow holds a clear picture twice, eight bytes a pixel each time.
MOST_CLEAR_PIXELS = 26_000_000
LONGEST_SIDE = 65_535

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MOST_JPEG_PIXELS
SRGB = ImageCms.createProfile("sRGB")
BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError)
BROKEN_TOO = (OverflowError, RuntimeError, AttributeError, ArithmeticError)


class PictureRefused(Refused):
    """The bytes are no picture that can be shown: broken, cut off, or too many pixels."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """The size of the largest, and the bytes by suffix such as `640.webp`."""

    width: int
    height: int
    files: dict[str, bytes]


def encode_picture(raw: bytes | IO[bytes], *, formats: tuple[str, ...] = ("webp",), mail_file: str = "") -> Encoded:
    """Decode and encode anew at 1600, 640 and 160 pixels at most, and as a mail's file if one is named.

    Raises PictureRefused, and OSError when `raw` lies where it cannot be read just now.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw) if isinstance(raw, bytes) else raw, formats=FORMATS) as opened:
                return renditions_of(_decoded(opened), formats=formats, mail_file=mail_file)
    except PictureRefused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PictureRefused(MediaTrouble.TOO_LARGE_TO_DECODE) from None
    except MemoryError:
        raise PictureRefused(MediaTrouble.TOO_HEAVY) from None
    except (*BROKEN, *BROKEN_TOO) as trouble:
        if is_of_the_place(trouble):
            raise
        raise PictureRefused(MediaTrouble.BROKEN) from None


def renditions_of(picture: Image.Image, *, formats: tuple[str, ...] = ("webp",), mail_file: str = "") -> Encoded:
    """The files of an upright sRGB picture."""
    files = {mail_file: mail_picture(picture, mail_file)} if mail_file else {}
    picture.thumbnail((SIZES[0], SIZES[0]), Image.Resampling.LANCZOS, reducing_gap=2.0)
    shown = picture.size
    for size in SIZES:
        picture.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=2.0)
        files |= {f"{size}.{kind}": _encoded(picture, kind) for kind in formats}
    return Encoded(*shown, files)


def _decoded(opened: Image.Image) -> Image.Image:
    """Upright, 8 bits, sRGB, at most 1600 pixels: shrunk before anything else is done with it."""
    _refuse_too_many_pixels(opened)
    largest = (SIZES[0], SIZES[0])
    opened.draft("RGB", largest)
    profile = opened.info.get("icc_profile")
    picture = _eight_bit(opened)
    picture.thumbnail(largest, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _bare(_in_srgb(ImageOps.exif_transpose(picture), profile))


def _refuse_too_many_pixels(opened: Image.Image) -> None:
    most = MOST_PIXELS
    if _is_clear(opened) or opened.mode == "P":
        most = MOST_CLEAR_PIXELS
    elif opened.format in {"JPEG", "MPO"} and not opened.info.get("progressive"):
        most = MOST_JPEG_PIXELS
    if opened.width * opened.height > most or max(opened.size) > LONGEST_SIDE:
        raise PictureRefused(MediaTrouble.TOO_LARGE_TO_DECODE)


def _eight_bit(opened: Image.Image) -> Image.Image:
    """RGB, RGBA, L or CMYK as they are; other modes converted."""
    if opened.mode in {"I;16", "I;16L", "I;16B", "I;16N", "I", "F"}:
        return opened.convert("I").point(lambda value: value / 256).convert("L")
    if _is_clear(opened):
        return opened if opened.mode == "RGBA" else opened.convert("RGBA")
    return opened if opened.mode in {"RGB", "L", "CMYK"} else opened.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as a page shows them; a profile that cannot be read is left out."""
    wanted = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile and picture.mode != "L":
        try:
            read = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, read, SRGB, outputMode=wanted)
            if turned is not None:
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return picture.convert(wanted)


def _bare(picture: Image.Image) -> Image.Image:
    """Pixels alone: what Pillow keeps beside them is not handed on."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def _is_clear(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in picture.info


def _encoded(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    if kind == "avif":
        picture.save(out, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, exif=b"", icc_profile=None, xmp=b"")
    else:
        picture.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()
