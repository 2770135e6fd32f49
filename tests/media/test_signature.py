import pytest

from reviews_app.media.signature import media_kind, picture_kind, video_kind
from reviews_app.models.media import MediaKind
from tests.factories.picture import make_picture


@pytest.mark.parametrize(
    ("kind", "word"), [("JPEG", "jpeg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("AVIF", "heif")]
)
def test_pictures_are_known_by_their_first_bytes(kind: str, word: str) -> None:
    assert picture_kind(make_picture(kind)[:16]) == word
    assert media_kind(make_picture(kind)[:16]) is MediaKind.IMAGE


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"qt  ", b"M4V ", b"3gp5"])
def test_films_of_phones_are_known_by_their_brand(brand: bytes) -> None:
    head = b"\0\0\0\x20ftyp" + brand + b"\0\0\0\0"
    assert video_kind(head) == "mov"
    assert media_kind(head) is MediaKind.VIDEO


def test_films_of_browsers_and_old_cameras_are_known() -> None:
    assert video_kind(b"\x1a\x45\xdf\xa3" + b"\0" * 12) == "matroska"
    assert video_kind(b"\0\0\0\x08wide\0\0\0\0mdat") == "mov"


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\0" * 16,
        b"<svg xmlns='http",
        b"%PDF-1.7 %\xe2\xe3\xcf",
        b"PK\x03\x04" + b"\0" * 12,
        b"MZ" + b"\0" * 14,
        b"#!/bin/sh\necho 1",
        b"RIFF\0\0\0\0AVI LIST",
        b"OggS" + b"\0" * 12,
        b"\0\0\0\x20ftypexe \0\0\0\0",
    ],
)
def test_everything_else_is_neither(head: bytes) -> None:
    assert media_kind(head) is None
