"""The child process of a picture or video, which also says how much memory it held at most and how long it took."""

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from reviews_app.media.work_in_child import ENVIRONMENT, TOP
from reviews_app.media.workshop.__main__ import main
from reviews_app.media.workshop.task import Task


@dataclass(frozen=True, slots=True)
class Measured:
    """How one child did."""

    said: str
    code: int
    memory_mib: int
    seconds: float

    @property
    def trouble(self) -> str | None:
        """What it refused, if it did."""
        found = json.loads(self.said).get("trouble") if self.code == 0 else "died"
        return str(found) if found else None


def measured(task: Task) -> Measured:
    """Run the task as the application would, and measure it."""
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.fakes.measured_child", task.as_text()]
    done = subprocess.run(command, env=ENVIRONMENT, cwd=TOP, capture_output=True, text=True, check=False, timeout=120)
    peak = re.search(r"peak (\d+)", done.stderr)
    return Measured(done.stdout, done.returncode, int(peak.group(1)) // 1024 if peak else 0, time.monotonic() - began)


def number_of_child(words: str) -> int | None:
    """The number of the process this one started with these words in its command line; None while there is none."""
    for children in Path("/proc/self/task").glob("*/children"):
        for number in children.read_text().split():
            if words in Path(f"/proc/{number}/cmdline").read_text():
                return int(number)
    return None


if __name__ == "__main__":
    main(sys.argv[1])
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    sys.stderr.write(f"peak {found.group(1) if found else 0}\n")
