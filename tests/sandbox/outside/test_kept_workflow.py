"""The workflow behind the stand-in's hook: taken in whole or refused in words."""

from pathlib import Path

import orjson
import pytest

from reviews_app.sandbox.outside.kept_workflow import (
    LARGEST,
    KeptWorkflow,
    WorkflowRefused,
    take_in_workflow,
    workflow_path,
)

ONE = {"trigger": {"id": "1"}, "steps": [{"id": "a"}]}


def take_in(folder: Path, workflow: object) -> None:
    take_in_workflow(folder, orjson.dumps(workflow))


def test_at_first_nothing_stands_behind_the_hook(tmp_path: Path) -> None:
    kept = KeptWorkflow(tmp_path)
    assert kept.now() is None
    kept.take_away()
    assert kept.now() is None


def test_a_file_is_kept_replaced_and_taken_away(tmp_path: Path) -> None:
    kept = KeptWorkflow(tmp_path)
    take_in(tmp_path, ONE)
    assert kept.now() == ONE
    take_in(tmp_path, ONE | {"steps": []})
    assert kept.now() == ONE | {"steps": []}
    kept.take_away()
    assert kept.now() is None
    take_in(tmp_path, ONE)
    assert kept.now() == ONE


def test_another_process_sees_what_was_taken_in(tmp_path: Path) -> None:
    take_in(tmp_path, ONE)
    assert KeptWorkflow(tmp_path).now() == ONE


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is not JSON"),
        (b"{", "The file is not JSON"),
        (b"\xff", "The file is not JSON"),
        (b"[]", "A workflow has a trigger and steps"),
        (b"null", "A workflow has a trigger and steps"),
        (b'{"steps": []}', "A workflow has a trigger and steps"),
        (b'{"trigger": {}}', "A workflow has a trigger and steps"),
        (b'{"trigger": {}, "steps": {}}', "A workflow has a trigger and steps"),
        (b" " * (LARGEST + 1), "The file is too large"),
    ],
)
def test_what_is_no_workflow_is_refused_and_the_one_before_stays(tmp_path: Path, content: bytes, words: str) -> None:
    take_in(tmp_path, ONE)
    with pytest.raises(WorkflowRefused, match=words):
        take_in_workflow(tmp_path, content)
    assert KeptWorkflow(tmp_path).now() == ONE
    assert [path.name for path in workflow_path(tmp_path).parent.iterdir()] == ["workflow.json"]


def test_a_file_of_the_largest_size_is_taken(tmp_path: Path) -> None:
    raw = orjson.dumps(ONE)
    take_in_workflow(tmp_path, raw + b" " * (LARGEST - len(raw)))
    assert KeptWorkflow(tmp_path).now() == ONE
