"""The mails' own Jinja environment: everything is escaped, a missing value is an error."""

from functools import cache
from pathlib import Path
from typing import Any

import mrml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from reviews_app.lib.colour import accent_of
from reviews_app.lib.plain_text import fit_for_markup

# What is about us, not about a shop.
USUAL_ACCENT = "#1F5F4A"
TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates" / "mail"


class MailUnwritable(Exception):
    """What should stand in a mail makes none."""


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
    """The HTML part: MJML filled first (so that values are escaped text), then compiled. Raises MailUnwritable."""
    try:
        mjml = _environment().get_template(template).render(values)
        # This compiler says every kind of no as an OSError.
        return str(mrml.to_html(fit_for_markup(mjml)).content)
    except (OSError, TypeError, ValueError, TemplateError) as broken:
        raise MailUnwritable(f"{template}: {broken}") from broken
