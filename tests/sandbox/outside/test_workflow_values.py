from typing import Any

import pytest

from reviews_app.sandbox.outside.workflow_values import MISSING, StepFailed, holds, value_of

CONTEXT = {"steps": {"1": {"rating": 2, "liked": None, "sure": True, "words": "So so", "list": ["a"]}, "found": {}}}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("done", "done"),
        (3, 3),
        ("/#steps.1.rating", 2),
        ("/#steps.1.liked", None),
        ("/#steps.1.list", ["a"]),
        ("/#steps.found.id", MISSING),
        ("/#steps.1.rating.more", MISSING),
        ("{{{steps.1.rating}}} of 5", "2 of 5"),
        ("{{{steps.found.id}}}{{{steps.1.words}}}", "So so"),
        ("{{{steps.1.liked}}}", ""),
        ("{{{steps.1.sure}}}", "true"),
        ("Order /#steps.1.rating", "Order /#steps.1.rating"),
        ({"a": "/#steps.1.rating", "b": "/#steps.found.id"}, {"a": 2}),
        (["/#steps.found.id", {"c": "/#steps.1.words"}], [{"c": "So so"}]),
    ],
)
def test_references_keep_their_type_and_texts_are_filled_in(written: Any, value: Any) -> None:
    assert value_of(written, CONTEXT) == value


def test_a_shoppers_words_are_never_read_as_a_reference_or_a_text() -> None:
    context = {"steps": {"1": {"body": "{{{steps.1.secret}}} /#steps.1.secret", "secret": "hidden"}}}
    assert value_of("/#steps.1.body", context) == "{{{steps.1.secret}}} /#steps.1.secret"
    assert value_of("{{{steps.1.body}}}", context) == "{{{steps.1.secret}}} /#steps.1.secret"


@pytest.mark.parametrize(
    ("op", "values", "holding"),
    [
        ("true", [True], True),
        ("eq", ["/#steps.1.rating", 2], True),
        ("eq", ["/#steps.1.rating", "2"], False),
        ("eq", ["/#steps.1.sure", 1], False),
        ("exists", ["/#steps.1.rating", ""], True),
        ("exists", ["/#steps.found.id", ""], False),
        ("exists", ["/#steps.1.liked", ""], False),
        ("dne", ["/#steps.found.id"], True),
        ("and", [{"op": "true", "values": [True]}, {"op": "dne", "values": ["/#steps.1.rating"]}], False),
        ("or", [{"op": "true", "values": [True]}, {"op": "dne", "values": ["/#steps.1.rating"]}], True),
    ],
)
def test_a_condition_holds_or_not(op: str, values: list[Any], holding: bool) -> None:
    assert holds({"op": op, "values": values}, CONTEXT) is holding


def test_an_unknown_condition_stops_the_run_instead_of_being_guessed() -> None:
    with pytest.raises(StepFailed, match="between is not known"):
        holds({"op": "between", "values": [1, 2]}, CONTEXT)
