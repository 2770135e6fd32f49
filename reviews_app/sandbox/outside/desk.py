"""What the workflow makes in the stand-in Kustomer: customers, product reviews, conversations with their notes."""

import secrets
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviews_app.sandbox.kept_lines import KeptLines
from reviews_app.sandbox.outside.attribute_rules import check_attributes
from reviews_app.sandbox.outside.workflow_run import Action, run_workflow
from reviews_app.sandbox.outside.workflow_values import StepFailed

Record = dict[str, Any]
KINDS = ("customer", "object", "conversation", "run")


class Desk:
    """Records by kind and id, the same after a restart; the last line of a record is what it is now."""

    def __init__(self, path: Path) -> None:
        self._lines = KeptLines(path)
        self._lock = threading.Lock()
        self._records: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        for number in range(1, len(self._lines) + 1):
            row = self._lines.row(number) or {}
            self._records[row["kind"]][row["record"]["id"]] = row["record"]

    def all(self, kind: str) -> list[Record]:
        """Every record of a kind, the oldest first."""
        return list(self._records[kind].values())

    def get(self, kind: str, record_id: str) -> Record | None:
        """One record."""
        return self._records[kind].get(record_id)

    def work(self, number: int, envelope: Record, workflow: Record) -> None:
        """Run the workflow on an event and keep what came of it. One at a time: nothing is found and made twice."""
        with self._lock:
            run = run_workflow(workflow, envelope, self._actions())
            made = run.output_of("findReview", "createUnproven", "createProven")
            opened = run.output_of("openConversation")
            customer = run.output_of("findCustomer", "createCustomer")
            self._keep(
                "run",
                {
                    "id": str(number),
                    "steps": run.steps,
                    "failed": run.failed,
                    "customer": customer.get("id"),
                    "object": made.get("id"),
                    "conversation": opened.get("id"),
                },
            )

    def _actions(self) -> Mapping[str, Action]:
        return {
            "kustomer.customer.find-by-email": self._find_customer,
            "kustomer.customer.create": self._create_customer,
            "kustomer.kobject.find-by-external-id": self._find_object,
            "kustomer.kobject.create-with-customer": self._create_object,
            "kustomer.kobject.update": self._update_object,
            "kustomer.conversation.find-by-external-id": self._find_conversation,
            "kustomer.conversation.create": self._create_conversation,
            "kustomer.conversation.append-tags": self._append_tags,
            "kustomer.note.create": self._create_note,
        }

    def _find_customer(self, params: Record) -> Record:
        email = str(params.get("email", "")).casefold()
        return self._first("customer", lambda one: any(mail["email"].casefold() == email for mail in one["emails"]))

    def _create_customer(self, params: Record) -> Record:
        emails = [one for one in params.get("emails", []) if isinstance(one.get("email"), str)]
        if not emails:
            raise StepFailed("A customer needs an email here")
        return self._make("customer", {"name": str(params.get("name") or ""), "emails": emails})

    def _find_object(self, params: Record) -> Record:
        sought = (params.get("klassName"), params.get("externalId"))
        return self._first("object", lambda one: (one["klassName"], one["externalId"]) == sought)

    def _create_object(self, params: Record) -> Record:
        self._known("customer", params.get("customer"))
        if not params.get("title") or not params.get("externalId") or self._find_object(params):
            raise StepFailed("An object needs a title and an id of its own")
        check_attributes(params.get("custom", {}))
        return self._make("object", params)

    def _update_object(self, params: Record) -> Record:
        before = self._known("object", params.get("id"))
        custom = before.get("custom", {}) | check_attributes(params.get("custom", {}))
        return self._keep("object", before | params | {"custom": custom})

    def _find_conversation(self, params: Record) -> Record:
        return self._first("conversation", lambda one: one["externalId"] == params.get("externalId"))

    def _create_conversation(self, params: Record) -> Record:
        self._known("customer", params.get("customer"))
        return self._make("conversation", {"status": "open", "tags": [], "notes": []} | params)

    def _append_tags(self, params: Record) -> Record:
        before = self._known("conversation", params.get("id"))
        return self._keep("conversation", before | {"tags": sorted({*before["tags"], *params.get("tags", [])})})

    def _create_note(self, params: Record) -> Record:
        before = self._known("conversation", params.get("conversation"))
        return self._keep("conversation", before | {"notes": [*before["notes"], str(params.get("body", ""))]})

    def _known(self, kind: str, record_id: Any) -> Record:
        found = self.get(kind, str(record_id))
        if found is None:
            raise StepFailed(f"There is no such {kind}")
        return found

    def _first(self, kind: str, fits: Any) -> Record:
        return next((one for one in self._records[kind].values() if fits(one)), {})

    def _make(self, kind: str, values: Record) -> Record:
        return self._keep(kind, {"id": secrets.token_hex(12)} | values)

    def _keep(self, kind: str, record: Record) -> Record:
        self._lines.append({"kind": kind, "record": record})
        self._records[kind][record["id"]] = record
        return record
