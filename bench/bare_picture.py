"""The least that makes three WebP sizes of a picture with Pillow alone: decode, shrink, encode."""

import sys
from pathlib import Path

import pi_heif
from PIL import Image


def main(source: str, folder: str) -> None:
    pi_heif.register_heif_opener()
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    for size in (1600, 640, 160):
        picture.thumbnail((size, size), Image.Resampling.LANCZOS)
        picture.save(Path(folder) / f"{size}.webp", quality=80, method=4)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
