"""Runs the benchmarks one after the other and prints a table; the figures are ratios of one run on one machine."""

import json
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench import drain, left_to_delivered, product_page, submit

RESULTS = Path(__file__).parent / "results.json"
PARTS = {
    "product page, one core": product_page.measure,
    "reviews submitted, 8 shoppers": submit.measure,
    "left to delivered, 20 a second": left_to_delivered.measure,
    "draining 20,000 of 50 stores": drain.measure,
}


def main() -> None:
    results: dict[str, dict[str, float]] = {}
    for name, measure in PARTS.items():
        results[name] = measure()
        print(name)
        for figure, value in results[name].items():
            print(f"  {figure:<24}{value:>12}")
    about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "python": platform.python_version()}
    RESULTS.write_text(json.dumps(about | {"results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
