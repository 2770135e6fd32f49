from collections.abc import Iterator

import pytest

from reviews_app.config import Settings
from tests.fakes.house import House, running_house


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    with running_house(settings) as made:
        yield made
