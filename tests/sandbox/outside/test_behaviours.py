"""What the stand-in was told to do, for how many requests, and what one way of answering means."""

from threading import Thread
from typing import Any

import pytest
from pydantic import ValidationError

from reviews_app.sandbox.outside.behaviour import GIBIBYTE, NORMAL, Behaviour, Behaviours


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": 199},
        {"status": 600},
        {"status": "often"},
        {"delay_s": -1},
        {"delay_s": 3601},
        {"body_bytes": -1},
        {"body_bytes": GIBIBYTE + 1},
        {"times": 0},
        {"times": -1},
        {"drip": "head"},
        {"reset": "before"},
        {"stats": 500},
    ],
)
def test_what_nobody_can_do_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Behaviour.model_validate(wrong)


@pytest.mark.parametrize("edge", [{"status": 200}, {"status": 599}, {"delay_s": 3600}, {"body_bytes": GIBIBYTE}])
def test_the_edges_are_allowed(edge: dict[str, Any]) -> None:
    assert Behaviour.model_validate(edge) != NORMAL


@pytest.mark.parametrize(
    ("behaviour", "refusal"),
    [
        (Behaviour(), None),
        (Behaviour(status=200), None),
        (Behaviour(status=299), None),
        (Behaviour(status=300), 300),
        (Behaviour(status=500), 500),
        (Behaviour(redirect_to="/x"), 302),
        (Behaviour(redirect_to="/x", status=200), None),
    ],
)
def test_a_success_leaves_the_decision_to_the_request(behaviour: Behaviour, refusal: int | None) -> None:
    assert behaviour.refusal == refusal


@pytest.mark.parametrize(
    ("behaviour", "loses"),
    [
        (Behaviour(), False),
        (Behaviour(reset=True), True),
        (Behaviour(reset="after_headers"), True),
        (Behaviour(reset=True, status=200), False),
        (Behaviour(status=200), False),
    ],
)
def test_an_event_is_lost_only_when_the_line_breaks_before_it_was_accepted(
    behaviour: Behaviour, *, loses: bool
) -> None:
    assert behaviour.loses_the_event is loses


def test_without_a_number_it_stays_as_told() -> None:
    behaviours = Behaviours()
    behaviours.become(Behaviour(status=500))
    assert [behaviours.take().status for _ in range(5)] == [500] * 5
    assert behaviours.now() == Behaviour(status=500)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_after_so_many_requests_it_is_well_again(times: int) -> None:
    behaviours = Behaviours()
    behaviours.become(Behaviour(status=500, times=times))
    left = []
    for _ in range(times):
        left.append(behaviours.now().times)
        assert behaviours.take().status == 500
    assert left == list(range(times, 0, -1))
    assert behaviours.now() == behaviours.take() == NORMAL


def test_a_new_order_takes_the_place_of_one_half_done() -> None:
    behaviours = Behaviours()
    behaviours.become(Behaviour(status=500, times=3))
    behaviours.take()
    behaviours.become(Behaviour(status=429, times=1))
    assert [behaviours.take().status for _ in range(2)] == [429, None]


def test_being_told_to_be_normal_is_well_at_once() -> None:
    behaviours = Behaviours()
    behaviours.become(Behaviour(status=500))
    behaviours.become(Behaviour())
    assert behaviours.take() == NORMAL


def test_requests_at_once_are_counted_each() -> None:
    behaviours = Behaviours()
    behaviours.become(Behaviour(status=500, times=40))
    met: list[int | None] = []
    threads = [Thread(target=lambda: met.extend(behaviours.take().status for _ in range(10))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(met, key=str) == [500] * 40 + [None] * 40
