from collections.abc import Callable, Iterator

import pytest

from reviews_app.config import Settings
from tests.fakes.house import House, running_house

LINES: list[tuple[str, str, str]] = []
Tell = Callable[..., None]


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    with running_house(settings) as made:
        yield made


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Adds a line to the table at the end of a fault run: what was injected, and what was seen."""
    kind = "postgresql" if "postgresql" in request.node.name or "cluster" in request.fixturenames else "sqlite"

    def add(injected: str, **seen: object) -> None:
        figures = (f"{name.replace('_', ' ')} {_shown(value)}" for name, value in seen.items())
        LINES.append((injected, kind, ", ".join(figures)))

    return add


def _shown(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not LINES:
        return
    terminalreporter.section("what was injected, and what was seen")
    widths = [max(len(line[column]) for line in LINES) for column in (0, 1)]
    for injected, kind, seen in LINES:
        terminalreporter.write_line(f"{injected:<{widths[0]}}  {kind:<{widths[1]}}  {seen}")
