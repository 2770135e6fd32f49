"""Ends this process with the one that began it."""

import os
import signal
import threading

EVERY = 0.5


def end_with_parent() -> None:
    """Watch the parent from a thread. The web server's child otherwise serves on when its parent is killed."""
    threading.Thread(target=_watch, args=(os.getppid(),), name="watch-parent", daemon=True).start()


def _watch(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(EVERY)
    os.kill(os.getpid(), signal.SIGKILL)
