from dataclasses import replace

from reviews_app.config import Settings
from reviews_app.services.tools import Tools, make_tools
from tests.fakes.clock import FakeClock


def fake_tools(settings: Settings, clock: FakeClock) -> Tools:
    """The real tools with a clock that a test moves."""
    return replace(make_tools(settings), clock=clock)
