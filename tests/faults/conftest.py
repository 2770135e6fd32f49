from collections.abc import Callable, Iterator

import pytest

from reviews_app.config import Settings
from tests.fakes.house import House, running_house

LINES: list[tuple[str, ...]] = []
Tell = Callable[..., None]


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    with running_house(settings) as made:
        yield made


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Adds a line to the table at the end of a fault run: what was seen, in words and figures."""

    def add(*cells: object) -> None:
        LINES.append((request.node.name, *map(str, cells)))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LINES:
        terminalreporter.section("what was seen")
    for name, *cells in LINES:
        terminalreporter.write_line(f"{name}: {'; '.join(cells)}")
