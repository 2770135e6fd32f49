"""Posts once to the address it is given and prints what came of it, how long it took and what memory it cost."""

import json
import resource
import sys
import time

from reviews_app.lib.outgoing_http import CallFailed, OutgoingHttp, origin_of


def main(url: str) -> None:
    http = OutgoingHttp(extra_origins=(origin_of(url),))
    before = peak_kib()
    began = time.monotonic()
    try:
        outcome = str(http.post(url, b"{}", headers={}).status)
    except CallFailed as failure:
        outcome = str(failure.kind)
    seconds = time.monotonic() - began
    sys.stdout.write(json.dumps({"outcome": outcome, "seconds": seconds, "grown_mib": (peak_kib() - before) / 1024}))


def peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(sys.argv[1])
