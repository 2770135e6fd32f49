"""Kustomer's rule for attributes: the ending of the name says what the value must be."""

from typing import Any

import pytest

from reviews_app.integrations.kustomer.review_object import ATTRIBUTES, IS_TEST, OPEN_IN_REVIEWS
from reviews_app.sandbox.outside.attribute_rules import MOST_LETTERS, check_attributes
from reviews_app.sandbox.outside.workflow_values import StepFailed

LONGEST = "x" * MOST_LETTERS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("titleStr", ""),
        ("titleStr", LONGEST),
        ("titleStr", "🎒" * MOST_LETTERS),
        ("noteTxt", "words"),
        ("leftAt", "2026-11-23T12:00:00Z"),
        ("openUrl", "https://shop.test"),
        ("ratingNum", 4),
        ("ratingNum", 4.5),
        ("ratingNum", -1),
        ("isTestBool", False),
        ("titleStr", None),
        ("ratingNum", None),
        ("isTestBool", None),
        ("Str", "a name may be its ending alone"),
    ],
)
def test_a_value_that_fits_its_name_is_kept(name: str, value: Any) -> None:
    assert check_attributes({name: value}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("titleStr", LONGEST + "x"),
        ("titleStr", 4),
        ("titleStr", ["words"]),
        ("ratingNum", "4"),
        ("ratingNum", True),
        ("isTestBool", 1),
        ("isTestBool", "true"),
        ("leftAt", 1_763_000_000),
        ("title", "words"),
        ("titlestr", "words"),
        ("titleStr2", "words"),
        ("", "words"),
        ("title", None),
    ],
)
def test_a_value_that_does_not_fit_stops_the_run_and_names_itself(name: str, value: Any) -> None:
    with pytest.raises(StepFailed, match=f"The attribute {name} does not fit"):
        check_attributes({"goodStr": "words", name: value})


@pytest.mark.parametrize("custom", [None, [], "words", 5])
def test_attributes_are_an_object(custom: Any) -> None:
    with pytest.raises(StepFailed, match="no object"):
        check_attributes(custom)


def test_no_attributes_are_fine() -> None:
    assert check_attributes({}) == {}


@pytest.mark.parametrize("name", [*(one.name for one in ATTRIBUTES), OPEN_IN_REVIEWS, IS_TEST])
def test_every_attribute_of_our_own_object_has_an_ending_kustomer_knows(name: str) -> None:
    assert check_attributes({name: None}) == {name: None}
