"""What the child process may use. Decoders read what strangers send: whatever goes wrong stays in here."""

import ctypes
import resource
import signal
import sys
from dataclasses import dataclass

MIB = 1024 * 1024
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


@dataclass(frozen=True, slots=True)
class Limits:
    """Memory is address space, which is more than what is really used; `seconds` are the clock's.

    A child that the clock ends is judged by its work: with `heavy_seconds` of a processor its file is too heavy and
    refused; with less the machine stood still or was too busy to let it work, and the file is tried again.
    """

    memory_mib: int
    processor_seconds: int
    seconds: int
    largest_file_mib: int

    @property
    def heavy_seconds(self) -> float:
        """Half of what it may use: twice what the heaviest honest picture takes, a good deal of a long video."""
        return self.processor_seconds / 2


# A 48-megapixel HEIC takes 500 MB and three seconds; most pictures take 130 MB and less than one.
PICTURE = Limits(memory_mib=700, processor_seconds=12, seconds=20, largest_file_mib=32)
# A minute of 4K at 30 frames is a hundred seconds of work for two cores.
VIDEO = Limits(memory_mib=1400, processor_seconds=600, seconds=360, largest_file_mib=256)


def take_on(limits: Limits) -> None:
    """Bind this process: from here on it may use that much, gain nothing, and ends with its parent."""
    _limit(resource.RLIMIT_AS, limits.memory_mib * MIB)
    # The soft limit says why it ended (SIGXCPU), the hard one a second later does not ask.
    _limit(resource.RLIMIT_CPU, limits.processor_seconds, grace=1)
    _limit(resource.RLIMIT_FSIZE, limits.largest_file_mib * MIB)
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _limit(what: int, most: int, *, grace: int = 0) -> None:
    hard = resource.getrlimit(what)[1]
    wanted = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(what, (wanted - grace, wanted))
