from io import BytesIO

import pytest
from PIL import Image

from reviews_app.media.picture import encode_picture
from reviews_app.models.media_words import MAIL_JPEG, MAIL_PNG
from tests.factories.picture import SECRET, make_picture, make_telling_picture

WHITE = (255, 255, 255)


def drawn(raw: bytes, file: str) -> Image.Image:
    return Image.open(BytesIO(encode_picture(raw, mail_file=file).files[file]))


def near(one: object, other: tuple[int, ...]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("size", [(2000, 1500), (300, 900), (192, 192)])
def test_a_product_is_a_square_jpeg_twice_as_large_as_a_mail_shows_it(size: tuple[int, int]) -> None:
    picture = drawn(make_picture("PNG", size), MAIL_JPEG)
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (192, 192), "RGB")


def test_the_square_is_the_middle_of_the_picture() -> None:
    wide = Image.new("RGB", (900, 300), "blue")
    wide.paste("red", (300, 0, 600, 300))
    out = BytesIO()
    wide.save(out, "PNG")
    picture = drawn(out.getvalue(), MAIL_JPEG)
    assert all(near(picture.getpixel(place), (254, 0, 0)) for place in [(8, 8), (96, 96), (183, 183)])


@pytest.mark.parametrize(("file", "size"), [(MAIL_JPEG, (60, 60)), (MAIL_PNG, (90, 60))])
def test_a_small_picture_is_not_blown_up(file: str, size: tuple[int, int]) -> None:
    assert drawn(make_picture("PNG", (90, 60)), file).size == size


def test_what_is_clear_is_white_in_a_product_and_clear_in_a_logo() -> None:
    clear = make_picture("PNG", (800, 200), mode="RGBA", colour=(10, 20, 30, 0))
    assert near(drawn(clear, MAIL_JPEG).getpixel((5, 5)), WHITE)
    logo = drawn(clear, MAIL_PNG)
    assert (logo.format, logo.size, logo.getpixel((5, 5))[3]) == ("PNG", (448, 112), 0)  # type: ignore[index]


@pytest.mark.parametrize("file", [MAIL_JPEG, MAIL_PNG])
def test_nothing_a_picture_tells_comes_out(file: str) -> None:
    made = encode_picture(make_telling_picture((640, 480), orientation=6), mail_file=file).files[file]
    assert SECRET not in made
    assert not any(mark in made for mark in (b"EXIF", b"Exif", b"eXIf", b"XMP ", b"iTXt", b"ICC_PROFILE", b"8BIM"))


def test_pages_get_the_same_files_with_and_without_it() -> None:
    raw = make_picture("JPEG", (1000, 700))
    plain, beside = encode_picture(raw), encode_picture(raw, mail_file=MAIL_JPEG)
    assert {**plain.files, MAIL_JPEG: beside.files[MAIL_JPEG]} == beside.files
    assert (beside.width, beside.height) == (1000, 700)
