"""The mails' own Jinja environment: everything is escaped, a missing value is an error."""

from functools import cache
from pathlib import Path
from typing import Any

import mrml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reviews_app.lib.colour import accent_of

# What is about us, not about a shop.
USUAL_ACCENT = "#1F5F4A"
TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates" / "mail"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["usual_accent"] = accent_of(USUAL_ACCENT)
    return made


def render_html(template: str, **values: Any) -> str:
    """The HTML part: MJML filled first (so that values are escaped text), then compiled."""
    mjml = _environment().get_template(template).render(values)
    return str(mrml.to_html(mjml).content)
