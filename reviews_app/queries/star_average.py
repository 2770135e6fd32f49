"""An average as it is shown."""

from decimal import ROUND_HALF_UP, Decimal


def shown_average(average: float) -> float:
    """One decimal, halves upwards; 5.0 only when every review gave five (the counts decide, so 4.97 shows as 4.9)."""
    # round() would go from 4.25 to 4.2, and from 4.35 to 4.3 because a float lies below it.
    rounded = float(Decimal(repr(average)).quantize(Decimal("0.1"), ROUND_HALF_UP))
    return 4.9 if rounded == 5.0 and average < 5 else rounded
