"""Countries and regions by name, for a choice of one."""

from typing import Any

from babel import Locale

from reviews_app.web.form_fields import choice

# Two letters in the list, but nobody's home.
NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})


def country_choices() -> list[Any]:
    """In English, as all of the dashboard."""
    named = Locale("en").territories.items()
    homes = [(code, name) for code, name in named if len(code) == 2 and code not in NO_COUNTRY]
    return [choice(code, name) for code, name in sorted(homes, key=lambda one: one[1])]
