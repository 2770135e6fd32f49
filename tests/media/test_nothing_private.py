"""What a phone writes beside the pixels: put in everywhere a format has room, and never let out."""

import json
import subprocess
from pathlib import Path

import pytest

from reviews_app.media.signature import media_kind, video_kind
from reviews_app.media.workshop.__main__ import work
from reviews_app.media.workshop.task import PICTURE, VIDEO, Task
from reviews_app.models.media import MediaKind
from tests.factories.telling import WORDS, telling_pictures, telling_videos

# Groups of exiftool that a freshly encoded file has: what it is, not who made it where.
OWN_GROUPS = {"SourceFile", "ExifTool", "System", "File", "RIFF", "Composite", "QuickTime", "Track1", "Track2", "Meta"}
# The words of a container about itself; times are none.
TELLING_TAGS = ("GPS", "Location", "Latitude", "Longitude", "Make", "Model", "Software", "Encoder", "Artist", "XMP")
WRITTEN_TAGS = ("Copyright", "Comment", "Description", "Title", "Author", "Thumbnail", "Serial", "Owner")


def told(*files: Path) -> list[dict[str, str]]:
    """Everything exiftool finds, by group and tag."""
    command = ["exiftool", "-j", "-a", "-u", "-ee3", "-G1", "-n", *map(str, files)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: list[dict[str, str]] = json.loads(shown)
    return found


def made_anew(folder: Path, raw: bytes, *, formats: tuple[str, ...] = ("webp",)) -> list[Path]:
    """What would be served."""
    folder.mkdir()
    source, results = folder / "source", folder / "results"
    source.write_bytes(raw)
    results.mkdir()
    kind = VIDEO if media_kind(raw[:16]) is MediaKind.VIDEO else PICTURE
    container = video_kind(raw[:16]) or ""
    work(Task(kind, str(source), str(results), formats=formats, container=container))
    return sorted(results.iterdir())


def assert_silent(files: list[Path]) -> None:
    assert len(files) >= 3
    for file in files:
        raw = file.read_bytes()
        assert not [word for word in (*WORDS, b"Exif\0\0", b"http://ns.adobe.com") if word in raw], file.name
    for found in told(*files):
        groups = {tag.partition(":")[0] for tag in found}
        assert groups <= OWN_GROUPS, groups - OWN_GROUPS
        names = [tag.rpartition(":")[2] for tag in found if not tag.startswith(("File:", "System:", "ExifTool:"))]
        assert [name for name in names if name.startswith((*TELLING_TAGS, *WRITTEN_TAGS))] == []
        assert not [word for word in WORDS if word.decode() in json.dumps(found)]


def test_pictures_tell_much_and_nothing_of_it_comes_out(tmp_path: Path) -> None:
    told_of = 0
    for kind, raw in telling_pictures():
        folder = tmp_path / kind.replace(" ", "-")
        files = made_anew(folder, raw, formats=("webp", "avif") if kind == "JPEG" else ("webp",))
        before = told(folder / "source")[0]
        assert "SECRET-PLACE" in json.dumps(before), kind
        told_of += any("GPS" in tag for tag in before)
        assert_silent(files)
    assert told_of >= 5


def test_videos_tell_much_and_nothing_of_it_comes_out(tmp_path: Path) -> None:
    for kind, raw in telling_videos(tmp_path):
        folder = tmp_path / kind.replace(" ", "-")
        files = made_anew(folder, raw)
        before = json.dumps(told(folder / "source")[0])
        assert "SECRET-TITLE" in before or "48.85" in before, kind
        assert_silent(files)


def test_the_looking_finds_what_it_looks_for(tmp_path: Path) -> None:
    """A file left as it was would be noticed."""
    source = tmp_path / "source.jpg"
    source.write_bytes(next(iter(telling_pictures()))[1])
    with pytest.raises(AssertionError):
        assert_silent([source] * 3)
