from collections.abc import Callable
from pathlib import Path

import pytest

from reviews_app.media.refused import Refused
from reviews_app.media.work_in_child import results_in, work_in_child
from reviews_app.media.workshop.task import PICTURE, Made, Task, read_made, read_task
from reviews_app.models.media_words import MAIL_JPEG, MAIL_PNG, MediaTrouble
from tests.factories.picture import make_picture
from tests.fakes.measured_child import measured


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


def test_a_child_that_dies_costs_only_its_file(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        work_in_child(Task(kind="no_such_work", source="", folder=str(tmp_path)))


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
