from io import BytesIO

import pytest
from PIL import Image, ImageCms

from reviews_app.media.picture import PictureRefused, encode_picture
from reviews_app.models.media_words import MediaTrouble
from tests.factories.picture import SECRET, make_bomb, make_picture, make_telling_picture

LEFT, RIGHT, TOP, BOTTOM = (0.1, 0.5), (0.9, 0.5), (0.5, 0.1), (0.5, 0.9)


def opened(file: bytes) -> Image.Image:
    return Image.open(BytesIO(file))


def colour(file: bytes, x: float, y: float) -> tuple[int, ...]:
    picture = opened(file).convert("RGB")
    found = picture.getpixel((int(x * (picture.width - 1)), int(y * (picture.height - 1))))
    assert isinstance(found, tuple)
    return found


def is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 150 and pixel[2] < 100


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_kind_becomes_three_webp_pictures(kind: str) -> None:
    encoded = encode_picture(make_picture(kind, (2000, 1500)))
    assert (encoded.width, encoded.height) == (1600, 1200)
    assert {suffix: opened(file).size for suffix, file in encoded.files.items()} == {
        "1600.webp": (1600, 1200),
        "640.webp": (640, 480),
        "160.webp": (160, 120),
    }
    assert {opened(file).format for file in encoded.files.values()} == {"WEBP"}


def test_avif_comes_beside_webp_when_asked() -> None:
    encoded = encode_picture(make_picture(size=(300, 200)), formats=("webp", "avif"))
    assert opened(encoded.files["160.avif"]).format == "AVIF"
    assert len(encoded.files) == 6


def test_a_small_picture_is_not_blown_up() -> None:
    encoded = encode_picture(make_picture(size=(90, 60)))
    assert {opened(file).size for file in encoded.files.values()} == {(90, 60)}


@pytest.mark.parametrize(
    ("orientation", "red_at"),
    list(zip(range(1, 9), [LEFT, RIGHT, RIGHT, LEFT, TOP, TOP, BOTTOM, BOTTOM], strict=True)),
)
def test_a_picture_held_sideways_stands_upright(orientation: int, red_at: tuple[float, float]) -> None:
    encoded = encode_picture(make_telling_picture((640, 480), orientation=orientation))
    upright = (640, 480) if orientation < 5 else (480, 640)
    assert (encoded.width, encoded.height) == upright
    assert is_red(colour(encoded.files["640.webp"], *red_at))
    assert not is_red(colour(encoded.files["640.webp"], 1 - red_at[0], 1 - red_at[1]))


def test_nothing_a_picture_tells_comes_out() -> None:
    raw = make_telling_picture((640, 480), orientation=6)
    assert raw.count(SECRET) >= 5
    for file in encode_picture(raw, formats=("webp", "avif")).files.values():
        assert SECRET not in file
        assert not any(mark in file for mark in (b"EXIF", b"Exif", b"XMP ", b"xmp", b"ICCP", b"8BIM", b"JFIF"))
        assert dict(opened(file).getexif()) == {}


def test_what_hangs_behind_a_picture_stays_behind() -> None:
    for tail in (b"PK\x03\x04" + SECRET, b"<script>alert(1)</script>" + SECRET, b"%PDF-1.7" + SECRET):
        encoded = encode_picture(make_picture(size=(32, 32)) + tail)
        assert not any(SECRET in file or b"<script" in file for file in encoded.files.values())


def test_colours_of_a_wide_profile_are_turned_into_those_of_a_page() -> None:
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    plain = encode_picture(make_picture(colour=(200, 40, 40)))
    with_odd = encode_picture(make_picture(colour=(200, 40, 40), icc_profile=swapped))
    with_srgb = encode_picture(
        make_picture(
            colour=(200, 40, 40), icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        )
    )
    with_rubbish = encode_picture(make_picture(colour=(200, 40, 40), icc_profile=b"no profile" * 20))
    seen = [colour(one.files["160.webp"], 0.5, 0.5) for one in (plain, with_odd, with_srgb, with_rubbish)]
    assert all(abs(a - b) < 12 for one in seen[1:] for a, b in zip(one, seen[0], strict=True))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_way_to_write_colours_is_read(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    raw = make_picture("JPEG" if kind == "TIFF" else kind, mode=mode, colour=None if mode == "CMYK" else 0)
    encoded = encode_picture(raw)
    assert opened(encoded.files["160.webp"]).mode in {"RGB", "RGBA"}


def test_sixteen_bits_a_pixel_keep_their_brightness() -> None:
    grey = encode_picture(make_picture("PNG", mode="I;16", colour=128 * 256))
    assert all(abs(part - 128) < 6 for part in colour(grey.files["160.webp"], 0.5, 0.5))


def test_clear_parts_stay_clear() -> None:
    encoded = encode_picture(make_picture("PNG", mode="RGBA", colour=(10, 20, 30, 0)))
    assert opened(encoded.files["160.webp"]).convert("RGBA").getpixel((1, 1))[3] == 0  # type: ignore[index]


def test_of_a_moving_gif_the_first_frame_is_shown() -> None:
    frames = [Image.new("RGB", (40, 40), shade) for shade in ((200, 0, 0), (0, 0, 200))]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    encoded = encode_picture(out.getvalue())
    assert is_red(colour(encoded.files["160.webp"], 0.5, 0.5))
    assert not getattr(opened(encoded.files["160.webp"]), "is_animated", False)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        make_picture(size=(400, 300))[:500],
        make_picture("PNG", (400, 300))[:200],
        make_picture("WEBP", (400, 300))[:60],
        make_picture("TIFF"),
        make_picture("BMP"),
        make_picture("ICO"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(raw: bytes) -> None:
    with pytest.raises(PictureRefused) as refused:
        encode_picture(raw)
    assert refused.value.trouble is MediaTrouble.BROKEN


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(PictureRefused) as refused:
        encode_picture(make_bomb(30_000, 30_000))
    assert refused.value.trouble is MediaTrouble.TOO_LARGE_TO_DECODE
