"""A handful of the files of tests/faults/test_hostile_files.py, drawn with a fixed seed: the whole takes minutes."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviews_app.media.refused import Refused
from reviews_app.media.signature import media_kind, video_kind
from reviews_app.media.work_in_child import results_in
from reviews_app.media.workshop.task import PICTURE, VIDEO, Task
from reviews_app.models.media import MediaKind
from tests.factories import hostile_pictures as pictures
from tests.factories.heic import make_heic
from tests.factories.hostile import MARK
from tests.factories.mutated import mutated
from tests.factories.picture import make_picture
from tests.fakes.workshop import Workshop, running_workshop

MOST_SECONDS, MOST_MIB = 2.0, 300


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with running_workshop() as running:
        yield running


def work(workshop: Workshop, folder: Path, raw: bytes) -> set[str]:
    """The files made, none when it was refused; what it may use is looked at."""
    source, results = folder / "source", folder / "results"
    source.write_bytes(raw)
    results.mkdir(exist_ok=True)
    for old in results.iterdir():
        old.unlink()
    kind = VIDEO if media_kind(raw[:16]) is MediaKind.VIDEO else PICTURE
    try:
        workshop.work(Task(kind, str(source), str(results), container=video_kind(raw[:16]) or ""))
    except Refused:
        return set()
    finally:
        done = workshop.done[-1]
        assert done.processor_seconds <= MOST_SECONDS
        assert done.memory_mib <= MOST_MIB
    found = results_in(results)
    assert not any(MARK in path.read_bytes() for path in found.values())
    return set(found)


def test_giants_are_refused_before_they_are_decoded(workshop: Workshop, tmp_path: Path) -> None:
    for what, _, raw in random.Random(1).sample(list(pictures.giants()), 6):
        assert work(workshop, tmp_path, raw) == set(), what


def test_a_heic_of_ours_is_a_heic(workshop: Workshop, tmp_path: Path) -> None:
    assert work(workshop, tmp_path, make_heic((640, 480))) == {"1600.webp", "640.webp", "160.webp"}


def test_two_things_in_one_file_become_one(workshop: Workshop, tmp_path: Path) -> None:
    for what, _, raw in random.Random(2).sample(list(pictures.polyglots()), 6):
        assert MARK in raw, what
        assert work(workshop, tmp_path, raw) == {"1600.webp", "640.webp", "160.webp"}, what


def test_what_is_no_picture_is_known_by_its_first_bytes() -> None:
    for what, _, raw in pictures.no_pictures():
        assert media_kind(raw[:16]) is None, what


def test_mutated_pictures_are_shown_or_refused_and_nothing_else(workshop: Workshop, tmp_path: Path) -> None:
    whole = [make_picture(kind, (200, 150)) for kind in pictures.KINDS]
    made = [bool(work(workshop, tmp_path, raw)) for raw in mutated(whole, count=15, seed=7)]
    shown = sum(made)
    assert 0 < shown < len(made), f"this seed tries only one of both ways: {shown} of {len(made)} shown"
