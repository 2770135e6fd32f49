"""A product page with 60 reviews on one core, beside a bare function that returns the same bytes."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from bench.serving import PAGE, filled_store, requests_a_second, serving


def measure() -> dict[str, float]:
    with TemporaryDirectory() as folder:
        settings = filled_store(Path(folder))
        with serving("app:app", settings) as address:
            body = urlopen(address + PAGE).read()
            page = requests_a_second(address + PAGE)
        copy = Path(folder) / "page.html"
        copy.write_bytes(body)
        os.environ["BENCH_BODY"] = str(copy)
        with serving("bench.bare:app") as address:
            floor = requests_a_second(address + PAGE)
    return {
        "page_per_second": round(page, 1),
        "page_ms": round(1000 / page, 2),
        "bare_per_second": round(floor, 1),
        "ratio_to_bare": round(page / floor, 4),
    }
