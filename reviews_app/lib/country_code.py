"""A country's two letters as ISO 3166 has them."""

import re

# Not of ISO 3166, and yet written: by people in the United Kingdom, and by the Union's authorities for Greece.
ALSO_CALLED = {"UK": "GB", "EL": "GR"}


def iso_country(text: str) -> str | None:
    """The code in capitals, one known by another name under its own; None for what is no two letters."""
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        return None
    code = text.upper()
    return ALSO_CALLED.get(code, code)
