"""When a failed try is repeated: each time later, never early, and at most a fifth late."""

from datetime import timedelta
from random import Random

import pytest

from reviews_app.integrations.kustomer.schedule import wait_after

STEPS = [5, 30, 120, 600, 1800, 3600, 7200, 7200]


class Fixed(Random):
    """Dice that always fall alike."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self._value = value

    def random(self) -> float:
        return self._value


@pytest.mark.parametrize(("failures", "seconds"), list(enumerate(STEPS, start=1)))
def test_the_steps_grow_and_then_stay_at_two_hours(failures: int, seconds: int) -> None:
    assert wait_after(failures, unit=1, spread=Fixed(0.0)) == timedelta(seconds=seconds)


@pytest.mark.parametrize("failures", [1, 6, 7, 500])
def test_no_try_is_early_and_none_more_than_a_fifth_late(failures: int) -> None:
    least = wait_after(failures, unit=1, spread=Fixed(0.0))
    dice = Random(3)
    waits = [wait_after(failures, unit=1, spread=dice) for _ in range(200)]
    assert min(waits) >= least
    assert max(waits) <= least * 1.2
    assert len(set(waits)) > 150


def test_a_shorter_second_shortens_everything_alike() -> None:
    assert wait_after(3, unit=0.01, spread=Fixed(0.5)) == timedelta(seconds=1.32)
