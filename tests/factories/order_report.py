from dataclasses import replace
from datetime import timedelta
from typing import Any

from reviews_app.models.order_report import OrderReport, ReportedLine
from tests.fakes.clock import START


def make_report(**changes: Any) -> OrderReport:
    """An order of one pack, placed nine days ago and not sent yet."""
    report = OrderReport(
        shop_id="5001",
        as_of=START - timedelta(days=9),
        number="#1205",
        email="Morgan@Example.com",
        name="Morgan Reed",
        country_code="AU",
        placed_at=START - timedelta(days=9),
        lines=(ReportedLine("p-1", "Ridge Daypack", "l-1", 2),),
    )
    return replace(report, **changes)
