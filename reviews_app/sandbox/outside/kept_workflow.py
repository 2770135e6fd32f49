"""The workflow that stands behind the stand-in's hook: taken in as a file, as in Kustomer; none at first."""

from pathlib import Path
from typing import Any

import orjson

from reviews_app.sandbox.only_ours import write_anew

LARGEST = 400_000


class WorkflowRefused(Exception):
    """The file is no workflow; the text says why."""


class KeptWorkflow:
    """Read anew when the file has changed: the seed of the demo store puts it there from another process."""

    def __init__(self, data_dir: Path) -> None:
        self._path = workflow_path(data_dir)
        self._read_at = 0
        self._now: dict[str, Any] | None = None

    def now(self) -> dict[str, Any] | None:
        """The workflow, or None when there is none."""
        try:
            changed_at = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            self._now = None
            return None
        if changed_at != self._read_at or self._now is None:
            self._now = orjson.loads(self._path.read_bytes())
            self._read_at = changed_at
        return self._now

    def take_away(self) -> None:
        """Nothing stands behind the hook any more: reviews are received, and nobody acts on them."""
        self._path.unlink(missing_ok=True)


def workflow_path(data_dir: Path) -> Path:
    """Where it is kept."""
    return data_dir / "sandbox" / "workflow.json"


def take_in_workflow(data_dir: Path, content: bytes) -> None:
    """Keep a workflow file in place of the one before. Raises WorkflowRefused."""
    if len(content) > LARGEST:
        raise WorkflowRefused("The file is too large for a workflow")
    try:
        read = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise WorkflowRefused("The file is not JSON") from None
    if not isinstance(read, dict) or not isinstance(read.get("steps"), list) or "trigger" not in read:
        raise WorkflowRefused("A workflow has a trigger and steps; this file has not")
    write_anew(workflow_path(data_dir), orjson.dumps(read).decode())
