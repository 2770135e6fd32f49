import json
import os
import signal
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from threading import Thread

import pytest

from reviews_app.media.refused import Refused, Unfinished
from reviews_app.media.signature import video_kind
from reviews_app.media.work_in_child import overdue, results_in, work_in_child
from reviews_app.media.workshop import limits
from reviews_app.media.workshop.task import PICTURE, Made, Task, read_made, read_task
from reviews_app.media.workshop.video import make
from reviews_app.models.media_words import MAIL_JPEG, MAIL_PNG, MediaTrouble
from tests.factories.picture import make_picture
from tests.factories.video import make_video
from tests.fakes.measured_child import measured, number_of_child


def task_for(folder: Path, raw: bytes, **more: object) -> Task:
    source, results = folder / "source", folder / "results"
    source.write_bytes(raw)
    results.mkdir()
    return Task(kind=PICTURE, source=str(source), folder=str(results), **more)  # type: ignore[arg-type]


def test_a_picture_is_made_anew_in_another_process(tmp_path: Path) -> None:
    task = task_for(tmp_path, make_picture(size=(900, 600)))
    assert work_in_child(task) == Made(900, 600)
    assert set(results_in(task.results)) == {"1600.webp", "640.webp", "160.webp"}


def test_avif_is_made_when_asked(tmp_path: Path) -> None:
    task = task_for(tmp_path, make_picture(), formats=("webp", "avif"))
    work_in_child(task)
    assert "640.avif" in results_in(task.results)


def test_what_mails_show_is_made_beside_or_alone(tmp_path: Path) -> None:
    for formats, mail_file in ((("webp",), MAIL_JPEG), ((), MAIL_PNG)):
        folder = tmp_path / mail_file
        folder.mkdir()
        task = task_for(folder, make_picture(size=(300, 200)), formats=formats, mail_file=mail_file)
        assert work_in_child(task) == Made(300, 200)
        assert (mail_file in (made := results_in(task.results)), len(made)) == (True, 3 * len(formats) + 1)


def test_what_the_child_refuses_is_refused_here(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        work_in_child(task_for(tmp_path, b"<svg/>"))
    assert refused.value.trouble is MediaTrouble.BROKEN


class Newer(Task):
    """What a worker hands over while its code is being replaced: this child does not know it yet."""

    def as_text(self) -> str:
        return json.dumps(asdict(self) | {"colour": "sepia"})


def test_a_child_that_does_not_understand_its_task_says_nothing_of_the_file(tmp_path: Path) -> None:
    for task in (Task("no_such_work", "", str(tmp_path)), Newer(PICTURE, "", str(tmp_path))):
        with pytest.raises(Unfinished):
            work_in_child(task)


def ended_by(sent: signal.Signals, folder: Path) -> None:
    """Work on a picture whose bytes do not come, until a signal does."""
    task = task_for(folder, b"")
    Path(task.source).unlink()
    os.mkfifo(task.source)

    def send() -> None:
        # Opened for writing as soon as the child reads.
        with Path(task.source).open("wb"):
            child = number_of_child(task.source)
            assert child
            os.kill(child, sent)

    sender = Thread(target=send)
    sender.start()
    try:
        work_in_child(task)
    finally:
        sender.join()


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_is_ended_from_outside_says_nothing_of_its_file(tmp_path: Path, sent: signal.Signals) -> None:
    with pytest.raises(Unfinished):
        ended_by(sent, tmp_path)


@pytest.mark.parametrize(
    ("sent", "trouble"), [(signal.SIGSEGV, MediaTrouble.BROKEN), (signal.SIGXCPU, MediaTrouble.TOO_HEAVY)]
)
def test_a_child_that_its_file_ended_costs_that_file(
    tmp_path: Path, sent: signal.Signals, trouble: MediaTrouble
) -> None:
    with pytest.raises(Refused) as refused:
        ended_by(sent, tmp_path)
    assert refused.value.trouble is trouble


def waiting_for_bytes(folder: Path) -> Task:
    """A picture whose bytes never come: its child does nothing after it has begun."""
    task = task_for(folder, b"")
    Path(task.source).unlink()
    os.mkfifo(task.source)
    return task


def test_a_child_that_the_clock_ended_before_it_could_work_says_nothing_of_its_file(tmp_path: Path) -> None:
    with pytest.raises(Unfinished, match="of 1"):
        work_in_child(waiting_for_bytes(tmp_path), bounds=replace(limits.PICTURE, seconds=1))


def test_a_child_that_the_clock_ended_at_work_costs_that_file(tmp_path: Path) -> None:
    """What Python itself takes to begin is work enough here."""
    with pytest.raises(Refused) as refused:
        work_in_child(waiting_for_bytes(tmp_path), bounds=replace(limits.PICTURE, seconds=1, processor_seconds=0))
    assert refused.value.trouble is MediaTrouble.TOO_HEAVY


@pytest.mark.parametrize("bounds", [limits.PICTURE, limits.VIDEO])
def test_half_of_what_a_child_may_work_is_heavy(bounds: limits.Limits) -> None:
    half = bounds.processor_seconds / 2
    assert isinstance(overdue(half, bounds), Refused)
    assert isinstance(overdue(half - 0.1, bounds), Unfinished)
    assert half < bounds.seconds, "one processor can tell a heavy file before the clock ends it"


def test_a_disk_that_fails_under_a_picture_says_nothing_of_it(tmp_path: Path) -> None:
    reading = replace(task_for(tmp_path, b""), source="/proc/self/mem")
    writing = replace(reading, source=str(tmp_path / "good"))
    Path(writing.source).write_bytes(make_picture())
    (writing.results / "1600.webp").symlink_to("/dev/full")
    for task in (reading, writing):
        with pytest.raises(Unfinished):
            work_in_child(task)


@pytest.mark.parametrize("name", ["1600.webp", "video.mp4"])
def test_a_full_disk_says_nothing_of_a_video(tmp_path: Path, name: str) -> None:
    raw = make_video(tmp_path, seconds=0.2)
    task = task_for(tmp_path, raw, container=video_kind(raw[:16]))
    (task.results / name).symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        make(task)


def test_a_child_uses_little_memory(tmp_path: Path) -> None:
    done = measured(task_for(tmp_path, make_picture(size=(4000, 3000))))
    assert done.trouble is None
    assert 10 < done.memory_mib < 200


@pytest.mark.parametrize(
    "said",
    [
        "",
        "nonsense",
        "[]",
        "5",
        "[" * 4096,
        '{"width": 1e999, "height": 5, "duration_ms": null}',
        '{"width": 5, "height": 5, "duration_ms": Infinity}',
        '{"width": NaN, "height": 5, "duration_ms": null}',
        '{"trouble": []}',
        '{"trouble": "never heard of"}',
        "{}",
        '{"width": 0, "height": 5, "duration_ms": null}',
        '{"width": 99999, "height": 5, "duration_ms": null}',
        '{"width": "a", "height": 5, "duration_ms": null}',
        '{"width": 5, "height": 5, "duration_ms": -1}',
        '{"width": 5, "height": 5, "duration_ms": 1e99}',
        '{"trouble": "no such word"}',
    ],
)
def test_a_line_no_honest_child_says_is_not_believed(said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_made(said)
    assert refused.value.trouble is MediaTrouble.BROKEN


def test_the_words_between_parent_and_child_survive_the_way() -> None:
    task = Task(kind=PICTURE, source="a", folder="b", formats=("webp", "avif"), container="mov", most_seconds=9)
    assert read_task(task.as_text()) == task
    assert read_made(Made(4, 3, 1500).as_text()) == Made(4, 3, 1500)


def a_link(folder: Path) -> None:
    (folder.parent / "secret").write_bytes(b"RIFF0000WEBPsecret")
    (folder / "640.webp").symlink_to(folder.parent / "secret")


def a_page(folder: Path) -> None:
    (folder / "640.html").write_bytes(b"RIFF0000WEBP")


def a_page_by_another_name(folder: Path) -> None:
    (folder / "640.webp").write_bytes(b"<html>")


def a_page_as_a_video(folder: Path) -> None:
    (folder / "video.mp4").write_bytes(b"<html>")


def a_folder(folder: Path) -> None:
    (folder / "640.webp").mkdir()


def nothing(folder: Path) -> None:
    assert folder.is_dir()


@pytest.mark.parametrize("make", [a_link, a_page, a_page_by_another_name, a_page_as_a_video, a_folder, nothing])
def test_a_link_or_a_foreign_file_among_the_results_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    make(folder)
    with pytest.raises(Refused):
        results_in(folder)
