"""Draws what a mail shows, as JPEG or PNG: Outlook on Windows shows no WebP, and knows no way to cut a square."""

from io import BytesIO

from PIL import Image, ImageOps

from reviews_app.models.media_words import MAIL_PNG

# Twice what a mail gives them, for sharp screens: 96 px for a product, 240 by 56 for a logo.
SQUARE = 192
LOGO = (480, 112)
QUALITY = 82


def mail_picture(picture: Image.Image, file: str) -> bytes:
    """The bytes of MAIL_JPEG or MAIL_PNG, drawn from an upright sRGB picture, which stays as it is."""
    return _logo(picture) if file == MAIL_PNG else _square(picture)


def _square(picture: Image.Image) -> bytes:
    """Its middle, on white where it is clear: JPEG knows no clear parts."""
    side = min(SQUARE, *picture.size)
    cut = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", cut.size, "white")
    paper.paste(cut, mask=cut if cut.mode == "RGBA" else None)
    out = BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _logo(picture: Image.Image) -> bytes:
    shown = picture.copy()
    shown.thumbnail(LOGO, Image.Resampling.LANCZOS)
    out = BytesIO()
    shown.save(out, "PNG", optimize=True)
    return out.getvalue()
