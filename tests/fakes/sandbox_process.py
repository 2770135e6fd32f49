"""The sandbox as a process, for journeys and pictures."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.program import TOP

# Nobody answers there: what a test looks up asks no name server of the world.
NO_NAME_SERVER = "127.0.0.1:9"
OURS = ("APP_MODE", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEYS", "PUBLIC_URL")


@contextmanager
def started(port: int, data_dir: Path, **settings: str) -> Iterator[None]:
    """Started as `make run` starts it with these settings, stopped as Ctrl-C stops it."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    environment = kept | {"PORT": str(port), "DATA_DIR": str(data_dir), "DNS_SERVER": NO_NAME_SERVER} | settings
    process = subprocess.Popen(
        [sys.executable, "-m", "reviews_app.sandbox"],
        cwd=TOP,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
