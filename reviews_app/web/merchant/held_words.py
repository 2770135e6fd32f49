"""What a page says of reviews that are to go and may not go now."""

from reviews_app.models.destination import Destination, Mode

UNTIL = {
    Mode.PAUSED: "sending is resumed",
    Mode.OFF: "Kustomer is switched on",
    Mode.NEEDS_ATTENTION: "Kustomer takes reviews again",
}


def held_until(found: Destination | None) -> str:
    """What has to come first, in the middle of a sentence; nothing when reviews go."""
    return UNTIL.get(found.mode, "") if found else ""


def gone_or_held(found: Destination, *, again: bool = False) -> str:
    """The end of a sentence about what was just put on its way."""
    until = held_until(found)
    return f"held until {until}." if until else f"on the way{' again' if again else ''}."
