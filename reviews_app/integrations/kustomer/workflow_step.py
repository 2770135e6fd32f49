"""The parts of a workflow as Kustomer writes them: steps, the ways between them, and conditions.

Only what Kustomer's pages and public workflows show is used: the conditions `true`, `eq`, `exists`, `dne`, `and`, `or`.
"""

from typing import Any

Part = dict[str, Any]

ALWAYS: Part = {"op": "true", "values": [True]}


def step(step_id: str, words: str, action: str, params: Part, *ways: Part) -> Part:
    """One action; of the ways out the first whose condition holds is taken, and with none the run is over."""
    return {
        "id": step_id,
        "action": f"kustomer.{action}",
        "params": params,
        "meta": {"displayName": words},
        "transitions": list(ways),
        "errorCases": [],
    }


def way(target: str, condition: Part = ALWAYS, words: str = "") -> Part:
    """The way to another step."""
    return {"target": target, "condition": condition} | ({"meta": {"name": words}} if words else {})


def equals(value: str, other: object) -> Part:
    """Whether a value is exactly another."""
    return {"op": "eq", "values": [value, other]}


def exists(value: str) -> Part:
    """Whether a lookup has found something."""
    return {"op": "exists", "values": [value, ""]}


def is_missing(value: str) -> Part:
    """Whether a lookup has found nothing."""
    return {"op": "dne", "values": [value]}


def all_of(*conditions: Part) -> Part:
    """Whether every condition holds."""
    return {"op": "and", "values": list(conditions)}


def any_of(*conditions: Part) -> Part:
    """Whether one condition holds."""
    return {"op": "or", "values": list(conditions)}
