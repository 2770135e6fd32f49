"""The last part of a page's address, made from a name."""

import re
import unicodedata

LONGEST = 80
OTHERWISE = "product"


def handle_of(name: str) -> str:
    """Small letters, digits and hyphens; "product" when nothing of the name can be written so."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-") or OTHERWISE
