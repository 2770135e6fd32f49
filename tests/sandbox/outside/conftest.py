from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.outside.posted_review import posted_review
from tests.sandbox.outside.running import RunningOutside, running_outside


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[RunningOutside]:
    """The outside world on real ports of this machine."""
    with running_outside(tmp_path) as running:
        yield running


@pytest.fixture
def review() -> dict[str, Any]:
    """What the shop posts for one review."""
    return posted_review()
