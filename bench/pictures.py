"""A 12-megapixel JPEG and HEIC to three WebP sizes, in the process that does it, beside bare Pillow doing the same."""

from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageFilter

from bench.processes import compared, python
from reviews_app.media.workshop.task import PICTURE, Task
from tests.factories.heic import make_heic

SIZE = (4000, 3000)
TIMES = 5


def measure() -> dict[str, float]:
    figures: dict[str, float] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        picture = photograph()
        picture.save(folder / "photo.jpeg", quality=90)
        (folder / "photo.heic").write_bytes(make_heic(SIZE, picture=picture))
        for kind in ("jpeg", "heic"):
            source = folder / f"photo.{kind}"
            task = Task(PICTURE, str(source), name).as_text()
            ours, bare = compared(
                python("-m", "reviews_app.media.workshop", task),
                python("-m", "bench.bare_picture", str(source), name),
                times=TIMES,
            )
            figures |= {
                f"{kind}_ms": round(ours.processor_seconds * 1000),
                f"{kind}_bare_ms": round(bare.processor_seconds * 1000),
                f"{kind}_ratio": round(ours.processor_seconds / bare.processor_seconds, 2),
                f"{kind}_peak_mb": round(ours.memory_mib),
                f"{kind}_bare_peak_mb": round(bare.memory_mib),
            }
    return figures


def photograph() -> Image.Image:
    """Soft shapes with some noise, as large and as hard to pack as a phone's."""
    noise = Image.effect_noise((SIZE[0] // 8, SIZE[1] // 8), 90).resize(SIZE, Image.Resampling.BICUBIC)
    fine = Image.effect_noise(SIZE, 12)
    channels = (noise, noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT), noise.filter(ImageFilter.GaussianBlur(9)))
    return Image.blend(Image.merge("RGB", channels), Image.merge("RGB", (fine, fine, fine)), 0.15)
