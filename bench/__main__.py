"""Runs the benchmarks one after the other and prints a table; the figures are ratios of one run on one machine.

Parts may be named: `python -m bench drain` runs those whose name holds one of the words.
"""

import json
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    drain,
    frozen_queue,
    left_to_delivered,
    mails,
    pictures,
    plan_requests,
    product_page,
    submit,
    uploads,
    video,
)

RESULTS = Path(__file__).parent / "results.json"
PARTS = {
    "product page, one core": product_page.measure,
    "reviews submitted, 8 shoppers": submit.measure,
    "reviews submitted, queue frozen": frozen_queue.measure,
    "left to delivered, idle": left_to_delivered.measure_idle,
    "left to delivered, 20 a second": left_to_delivered.measure_busy,
    "left to delivered, 10,000 hang next door": left_to_delivered.measure_next_door,
    "12-megapixel pictures": pictures.measure,
    "30 s of 1080p video": video.measure,
    "50 photos sent at once": uploads.measure,
    "draining 20,000 of 50 stores": drain.measure,
    "mails sent, 10,000": mails.measure,
    "requests planned, 100,000 orders": plan_requests.measure,
}


def main(words: list[str]) -> None:
    results: dict[str, dict[str, float]] = {}
    for name, measure in PARTS.items():
        if words and not any(word in name for word in words):
            continue
        results[name] = measure()
        print(name)
        for figure, value in results[name].items():
            print(f"  {figure:<24}{value:>12}")
    about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "python": platform.python_version()}
    RESULTS.write_text(json.dumps(about | {"results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
