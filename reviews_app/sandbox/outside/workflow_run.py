"""Runs a workflow on one event, step by step, as Kustomer describes it: the first way out that holds is taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reviews_app.sandbox.outside.workflow_values import MISSING, StepFailed, holds, value_of

Action = Callable[[dict[str, Any]], dict[str, Any]]
# The ready-made one takes eight at most; one that goes round in circles must end.
MOST_STEPS = 60


@dataclass(slots=True)
class Run:
    """What a run did: the words of its steps in order, what each gave, and why it stopped early, if it did."""

    steps: list[str] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: str = ""

    def output_of(self, *step_ids: str) -> dict[str, Any]:
        """What the first of these steps that ran and found something gave."""
        return next((self.outputs[one] for one in step_ids if self.outputs.get(one)), {})


def run_workflow(workflow: dict[str, Any], event: dict[str, Any], actions: Mapping[str, Action]) -> Run:
    """Never raises: whatever a workflow or an event holds, the hook has taken the event already."""
    run = Run()
    try:
        _walk(workflow, event, actions, run)
    except StepFailed as failed:
        run.failed = str(failed)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError) as fault:
        run.failed = f"The workflow cannot be read: {type(fault).__name__}"
    return run


def _walk(workflow: dict[str, Any], event: dict[str, Any], actions: Mapping[str, Action], run: Run) -> None:
    steps = {one["id"]: one for one in workflow["steps"]}
    context: dict[str, Any] = {"steps": {"1": event}}
    step = _next(workflow["trigger"], steps, context)
    while step is not None:
        if len(run.steps) == MOST_STEPS:
            raise StepFailed("The workflow goes round in circles")
        run.steps.append(str(step.get("meta", {}).get("displayName", step["id"])))
        if "action" in step:
            output = _act(step, actions, context)
            context["steps"][step["id"]] = run.outputs[step["id"]] = output
        step = _next(step, steps, context)


def _act(step: dict[str, Any], actions: Mapping[str, Action], context: dict[str, Any]) -> dict[str, Any]:
    action = actions.get(step["action"])
    if action is None:
        raise StepFailed(f"The action {step['action']} is not known here")
    params = value_of(step.get("params", {}), context)
    return action(params if params is not MISSING else {})


def _next(step: dict[str, Any], steps: dict[str, Any], context: dict[str, Any]) -> dict[str, Any] | None:
    for way in step.get("transitions", []):
        if holds(way["condition"], context):
            found: dict[str, Any] = steps[way["target"]]
            return found
    return None
