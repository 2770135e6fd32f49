"""How much memory this process, or another, holds at this moment."""

import gc
import os
import resource
import sys
from pathlib import Path


def resident_mb(pid: int | None = None) -> float:
    """Megabytes now; where the system does not tell, the most there was."""
    gc.collect()
    pages = Path(f"/proc/{pid or os.getpid()}/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1024 if sys.platform == "linux" else size / 1024**2
