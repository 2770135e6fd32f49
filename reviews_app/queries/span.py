"""Time between two moments, in words."""

from datetime import datetime

STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def span(begin: datetime, end: datetime) -> str:
    """ "6 hours", "1 day", "less than a minute"; never negative."""
    seconds = max(0, int((end - begin).total_seconds()))
    for length, name in STEPS:
        count = seconds // length
        if count:
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "less than a minute"
