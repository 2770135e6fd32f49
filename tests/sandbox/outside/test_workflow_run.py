"""A workflow runs step by step by the first way out that holds, ends by itself, and never brings the hook down."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.sandbox.outside.workflow_run import MOST_STEPS, Run, run_workflow
from reviews_app.sandbox.outside.workflow_values import StepFailed

ALWAYS = {"op": "true", "values": [True]}
EVENT = {"attributes": {"data": {"review": {"rating": 2}, "reviewerEmail": "morgan@example.com"}}}
RATING = "/#steps.1.attributes.data.review.rating"


def way(target: str, condition: Any = None) -> dict[str, Any]:
    return {"target": target, "condition": condition or ALWAYS}


def step(step_id: str, *ways: dict[str, Any], action: str = "note", **params: Any) -> dict[str, Any]:
    return {"id": step_id, "action": action, "params": params, "meta": {"displayName": step_id}, "transitions": ways}


def workflow(*steps: dict[str, Any], begin: tuple[dict[str, Any], ...] | None = None) -> dict[str, Any]:
    ways = begin if begin is not None else (way(str(steps[0]["id"])),)
    return {"trigger": {"id": "1", "transitions": ways}, "steps": list(steps)}


def run(made: Any, event: Any = None) -> tuple[Run, list[dict[str, Any]]]:
    noted: list[dict[str, Any]] = []

    def note(params: dict[str, Any]) -> dict[str, Any]:
        noted.append(params)
        return {"id": f"n{len(noted)}"}

    def fail(_params: dict[str, Any]) -> dict[str, Any]:
        raise StepFailed("not today")

    return run_workflow(made, EVENT if event is None else event, {"note": note, "fail": fail}), noted


def test_steps_are_taken_in_the_order_of_their_ways() -> None:
    done, _noted = run(workflow(step("b", way("a")), step("a", way("c")), step("c")))
    assert (done.steps, done.failed) == (["b", "a", "c"], "")
    assert done.outputs == {"b": {"id": "n1"}, "a": {"id": "n2"}, "c": {"id": "n3"}}


def test_a_later_step_reads_what_an_earlier_one_gave() -> None:
    _done, noted = run(
        workflow(step("a", way("b"), rating=RATING), step("b", about="/#steps.a.id", words="{{{steps.a.id}}}!"))
    )
    assert noted == [{"rating": 2}, {"about": "n1", "words": "n1!"}]


def test_what_is_not_there_is_left_out_and_empty_in_a_text() -> None:
    _done, noted = run(workflow(step("a", gone="/#steps.9.id", words="[{{{steps.9.id}}}]", each=["/#steps.9.id", 1])))
    assert noted == [{"words": "[]", "each": [1]}]


def test_of_two_ways_that_hold_the_first_is_taken() -> None:
    two = {"op": "eq", "values": [RATING, 2]}
    one = {"op": "eq", "values": [RATING, 1]}
    assert run(workflow(step("a", way("x", one), way("y", two), way("z")), step("x"), step("y"), step("z")))[
        0
    ].steps == [
        "a",
        "y",
    ]


def test_where_no_way_holds_the_run_is_over() -> None:
    never = {"op": "eq", "values": [RATING, 5]}
    assert run(workflow(step("a", way("b", never)), step("b")))[0].steps == ["a"]
    assert run(workflow(step("a"), begin=()))[0].steps == []


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"op": "eq", "values": [RATING, 2]}, True),
        ({"op": "eq", "values": [RATING, "2"]}, False),
        ({"op": "eq", "values": [1, True]}, False),
        ({"op": "eq", "values": [0, False]}, False),
        ({"op": "exists", "values": [RATING, ""]}, True),
        ({"op": "exists", "values": ["/#steps.9", ""]}, False),
        ({"op": "dne", "values": ["/#steps.9"]}, True),
        ({"op": "dne", "values": [None]}, True),
        ({"op": "and", "values": []}, True),
        ({"op": "or", "values": []}, False),
        ({"op": "and", "values": [ALWAYS, {"op": "dne", "values": [RATING]}]}, False),
        ({"op": "or", "values": [{"op": "dne", "values": [RATING]}, ALWAYS]}, True),
    ],
)
def test_a_condition_holds_or_does_not(condition: dict[str, Any], *, holds: bool) -> None:
    assert run(workflow(step("a"), begin=(way("a", condition),)))[0].steps == (["a"] if holds else [])


def test_a_step_that_fails_ends_the_run_and_says_why() -> None:
    done, noted = run(workflow(step("a", way("b")), step("b", way("c"), action="fail"), step("c")))
    assert (done.steps, done.failed, len(noted)) == (["a", "b"], "not today", 1)


def test_an_action_nobody_knows_is_named() -> None:
    assert run(workflow(step("a", action="fax")))[0].failed == "The action fax is not known here"


def test_a_condition_nobody_knows_is_named() -> None:
    done, _noted = run(workflow(step("a"), begin=(way("a", {"op": "gt", "values": [RATING, 1]}),)))
    assert done.failed == "The condition gt is not known here"


def test_a_workflow_that_goes_round_ends() -> None:
    done, noted = run(workflow(step("a", way("b")), step("b", way("a"))))
    assert (len(noted), done.failed) == (MOST_STEPS, "The workflow goes round in circles")


def test_a_workflow_of_the_most_steps_runs_to_its_end() -> None:
    steps = [step(str(n), *([way(str(n + 1))] if n < MOST_STEPS else [])) for n in range(1, MOST_STEPS + 1)]
    done, _noted = run(workflow(*steps))
    assert (len(done.steps), done.failed) == (MOST_STEPS, "")


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"steps": []},
        {"steps": [{}], "trigger": {}},
        {"steps": "x", "trigger": {}},
        workflow(step("a", way("nowhere"))),
        workflow(step("a"), begin=({"target": "a"},)),
        workflow(step("a"), begin=(way("a", {"op": "eq", "values": [1]}),)),
        workflow(step("a"), begin=(way("a", {"op": "eq", "values": None}),)),
        [],
        None,
    ],
)
def test_a_workflow_nobody_can_read_says_so(broken: Any) -> None:
    assert run(broken)[0].failed.startswith("The workflow cannot be read: ")


def nested(levels: int) -> dict[str, Any]:
    condition = ALWAYS
    for _ in range(levels):
        condition = {"op": "and", "values": [condition]}
    return condition


def test_a_condition_within_hundreds_of_others_ends_the_run_and_not_the_hook() -> None:
    assert run(workflow(step("a"), begin=(way("a", nested(20)),)))[0].steps == ["a"]
    done, _noted = run(workflow(step("a"), begin=(way("a", nested(900)),)))
    assert done.failed.startswith("The workflow cannot be read: ")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["a", RATING, "{{{steps.a.id}}}", "note", "and"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "op", "values", "target", "condition", "transitions", "action"]), inner
        )
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=60)
@given(steps=ANYTHING, trigger=ANYTHING, event=ANYTHING)
def test_no_workflow_and_no_event_raises(steps: Any, trigger: Any, event: Any) -> None:
    done, _noted = run({"steps": steps, "trigger": trigger}, event)
    assert len(done.steps) <= MOST_STEPS
