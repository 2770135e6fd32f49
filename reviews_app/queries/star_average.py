"""An average as it is shown."""


def shown_average(average: float) -> float:
    """One decimal; 5.0 only when every review gave five (the counts decide, so 4.97 shows as 4.9)."""
    rounded = round(average, 1)
    return 4.9 if rounded == 5.0 and average < 5 else rounded
