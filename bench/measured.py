"""Runs a command and prints what it used; small itself, for the system counts a child's memory from its parent's on."""

import json
import os
import sys
import time


def main(command: list[str]) -> None:
    began = time.monotonic()
    nothing = os.open(os.devnull, os.O_RDWR)
    quiet = [(os.POSIX_SPAWN_DUP2, nothing, 1), (os.POSIX_SPAWN_DUP2, nothing, 2)]
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    _, status, used = os.wait4(child, 0)
    print(
        json.dumps(
            {
                "code": os.waitstatus_to_exitcode(status),
                "seconds": time.monotonic() - began,
                "processor_seconds": used.ru_utime + used.ru_stime,
                "memory_mib": used.ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
