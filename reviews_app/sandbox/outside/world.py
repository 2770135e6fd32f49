"""What the outside world remembers: Kustomer's events and requests, and the mails."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from reviews_app.lib.clock import Clock
from reviews_app.sandbox.demo_key import DemoKey, open_demo_key
from reviews_app.sandbox.kept_lines import KeptLines
from reviews_app.sandbox.outside.behaviour import Behaviours
from reviews_app.sandbox.outside.desk import Desk
from reviews_app.sandbox.outside.kept_workflow import KeptWorkflow


class Events:
    """The accepted events, each in Kustomer's envelope, and which of them are repeats."""

    def __init__(self, path: Path) -> None:
        self.lines = KeptLines(path)
        self._lock = threading.Lock()
        self._first: dict[str, int] = {}
        self._reviews: set[str] = set()
        for number in range(1, len(self.lines) + 1):
            self._note(number, self.lines.row(number) or {})

    def add(self, envelope: dict[str, Any]) -> int:
        """Keep one; gives its number."""
        with self._lock:
            number = self.lines.append(envelope)
            self._note(number, envelope)
            return number

    def first_with(self, event_id: str) -> int | None:
        """The number of the first event with this id."""
        return self._first.get(event_id)

    @property
    def review_count(self) -> int:
        """Different reviews, test reviews not counted."""
        return len(self._reviews)

    @property
    def repeat_count(self) -> int:
        """Events that came once more with an id already seen."""
        return len(self.lines) - len(self._first)

    def _note(self, number: int, envelope: dict[str, Any]) -> None:
        data = event_data(envelope)
        event_id = str(data.get("eventId") or f"unnamed {number}")
        self._first.setdefault(event_id, number)
        if not _is_test(data):
            self._reviews.add(event_id)


@dataclass(slots=True)
class World:
    """Everything one process of the outside world holds."""

    data_dir: Path
    clock: Clock
    demo_key: DemoKey
    events: Events
    requests: KeptLines
    mails: KeptLines
    desk: Desk
    workflow: KeptWorkflow
    behaviours: Behaviours = field(default_factory=Behaviours)

    def take(self, envelope: dict[str, Any]) -> None:
        """Keep an event, and let the workflow behind the hook work on it, if there is one."""
        number = self.events.add(envelope)
        workflow = self.workflow.now()
        if workflow is not None:
            self.desk.work(number, envelope, workflow)


def open_world(data_dir: Path, clock: Clock) -> World:
    """Read what is kept in the data folder."""
    kept = data_dir / "sandbox"
    return World(
        data_dir=data_dir,
        clock=clock,
        demo_key=open_demo_key(data_dir),
        events=Events(kept / "events.jsonl"),
        requests=KeptLines(kept / "requests.jsonl"),
        mails=KeptLines(kept / "mails.jsonl"),
        desk=Desk(kept / "desk.jsonl"),
        workflow=KeptWorkflow(data_dir),
    )


def event_data(envelope: dict[str, Any]) -> dict[str, Any]:
    """What was posted, or nothing when it was no object."""
    data = envelope.get("attributes", {}).get("data")
    return data if isinstance(data, dict) else {}


def in_envelope(data: Any, *, demo_key: DemoKey, at: datetime) -> dict[str, Any]:
    """Wrap what was posted as Kustomer shows it to a workflow."""
    return {
        "id": secrets.token_hex(12),
        "type": "transaction",
        "attributes": {"createdAt": iso(at), "data": data},
        "relationships": {
            "org": {"data": {"type": "org", "id": demo_key.org}, "links": {"self": f"/v1/org/{demo_key.org}"}},
            "hook": {"data": {"type": "web_hook", "id": demo_key.hook}, "links": {"self": demo_key.path}},
        },
    }


def iso(at: datetime) -> str:
    """UTC with milliseconds and Z, as Kustomer writes times."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_test(data: dict[str, Any]) -> bool:
    review = data.get("review")
    title = str(review.get("title")) if isinstance(review, dict) else ""
    return title.startswith("Test from ") and title.endswith("safe to delete")
