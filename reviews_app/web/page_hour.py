"""How long what a page shows may be opened by its addresses."""

from reviews_app.lib.clock import Clock

# A page's reader may leave it standing, its addresses may be passed on.
HOUR = 3600


def page_hour(clock: Clock) -> int:
    """The end of the next hour, in seconds since 1970: full, so that a page shown again names the same addresses."""
    return (int(clock().timestamp()) // HOUR + 2) * HOUR
