"""Waits until the web answers, starts everything else, and says where it all is."""

import os
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from http.client import HTTPConnection, HTTPException

from reviews_app.config import Settings, load_settings
from reviews_app.sandbox.processes import NoProcessManager, start, states
from reviews_app.sandbox.programs import AFTER_SEED, SEED

PATIENCE = 60.0
PAUSE = 0.1
ADDRESSES = """
  Start here          {public}/
  The demo shop       {public}/stores/demo
  Merchant sign-in    {public}/merchant   demo@example.com, password demo-merchant
  Kustomer            http://127.0.0.1:{outside}/kustomer
  Inbox               http://127.0.0.1:{outside}/mail

Data is kept in {data_dir}. Ctrl-C stops everything.
"""
SILENT = "The web does not answer. Its log says why: {data_dir}/log/web.log"


def main() -> None:
    """Ends with its work, or with the process manager that began it."""
    settings = load_settings()
    parent = os.getppid()

    def goes_on() -> bool:
        return os.getppid() == parent

    # Being asked wakes the process manager, which otherwise idles its first second away.
    wait_until(lambda: manager_answers(settings), goes_on)
    answers = wait_until(lambda: web_answers(settings.port), goes_on)
    if wait_until(lambda: started(settings, but=AFTER_SEED), goes_on) and answers:
        print(addresses(settings), flush=True)
    elif goes_on():
        print(SILENT.format(data_dir=settings.data_dir), flush=True)
    wait_until(lambda: is_seeded(settings), goes_on)
    wait_until(lambda: started(settings), goes_on)


def addresses(settings: Settings) -> str:
    """What a person needs to know."""
    return ADDRESSES.format(public=settings.public, outside=settings.port + 1, data_dir=settings.data_dir)


def wait_until(look: Callable[[], bool], goes_on: Callable[[], bool]) -> bool:
    """Look again and again, for a minute at most."""
    end = time.monotonic() + PATIENCE
    while goes_on() and time.monotonic() < end:
        if look():
            return True
        time.sleep(PAUSE)
    return False


def web_answers(port: int) -> bool:
    """Whether the web is up; any answer will do."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def manager_answers(settings: Settings) -> bool:
    """Whether the process manager is up."""
    try:
        states(settings.data_dir)
    except NoProcessManager:
        return False
    return True


def is_seeded(settings: Settings) -> bool:
    """Whether the demo's content is there, or will not come."""
    try:
        return not states(settings.data_dir)[SEED].is_running
    except NoProcessManager:
        return False


def started(settings: Settings, *, but: Collection[str] = ()) -> bool:
    """Start whatever the process manager has not been asked to start yet, in the order of its file."""
    try:
        for process in states(settings.data_dir).values():
            if process.state == "STOPPED" and process.name not in but:
                start(settings.data_dir, process.name)
    except NoProcessManager:
        return False
    return True


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
