"""All together take no more than so many bytes a second; each waits its turn."""

import pytest

from reviews_app.web.pace import Pace


class Watch:
    """A clock that goes on when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 50.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_the_first_to_come_waits_for_nothing(watch: Watch) -> None:
    Pace(1000, clock=watch.clock, sleep=watch.sleep).take(5000)
    assert watch.slept == []


def test_what_was_taken_before_is_waited_for(watch: Watch) -> None:
    pace = Pace(1000, clock=watch.clock, sleep=watch.sleep)
    began = watch.now
    for _ in range(11):
        pace.take(500)
    assert watch.now - began == pytest.approx(5)


def test_those_who_come_at_one_moment_wait_one_behind_the_other() -> None:
    slept: list[float] = []
    pace = Pace(1000, clock=lambda: 7.0, sleep=slept.append)
    for _ in range(4):
        pace.take(250)
    assert slept == pytest.approx([0.25, 0.5, 0.75])


def test_time_in_which_nobody_came_is_not_saved_up(watch: Watch) -> None:
    pace = Pace(1000, clock=watch.clock, sleep=watch.sleep)
    pace.take(1000)
    watch.now += 3600
    pace.take(1000)
    assert watch.slept == []
    pace.take(1000)
    assert watch.slept == pytest.approx([1.0])
