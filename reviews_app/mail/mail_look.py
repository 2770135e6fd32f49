"""How a store's mails look."""

from dataclasses import dataclass, field

from reviews_app.lib.colour import Accent, accent_of
from reviews_app.mail.environment import USUAL_ACCENT

RIGHT_TO_LEFT = frozenset({"ar"})


@dataclass(frozen=True, slots=True)
class MailLook:
    """Accent and logo; a logo of no address is the store's name in letters."""

    accent: Accent = field(default_factory=lambda: accent_of(USUAL_ACCENT))
    logo_url: str = ""
    logo_width: int = 0
    logo_height: int = 0


def direction_of(language: str) -> str:
    """Which way a language is written: `ltr` or `rtl`."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
