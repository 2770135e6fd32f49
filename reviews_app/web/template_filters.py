"""How numbers, days and money are written on pages, in the page's language."""

import re
from datetime import datetime

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from flask import Flask
from flask_babel import get_locale

from reviews_app.lib.addresses import Viewable
from reviews_app.lib.money import plain_amount
from reviews_app.mail.words import kept_apart
from reviews_app.web.page_hour import page_hour
from reviews_app.web.page_language import page_language

ENGLISH = Locale("en")
STAR_STEP, STAR_EDGE, STAR_WIDTH = 20, 1.4, 15.2
LETTER_THEN_FIGURE = re.compile(r"(?<=[^\W\d_])(?=\d)")
RIGHT_TO_LEFT, LEFT_TO_RIGHT = "\u200f", "\u200e"


def register_template_filters(app: Flask) -> None:
    """Give templates `decimal`, `day`, `moment`, `money`, `apart`, `star_width`, and addresses of pictures and videos.

    `keyed_picture` and `keyed_video` take the row and open for one or two hours, published or not: for pages that not
    everybody sees. `shown_picture` and `shown_video` take a ShownMedia and need a key only where the public may not
    look.
    """
    tools = app.extensions["tools"]
    addresses = tools.addresses

    def keyed_picture(one: Viewable, width: int) -> str:
        return str(addresses.keyed_picture(one, width, page_hour(tools.clock)))

    def keyed_video(one: Viewable) -> str:
        return str(addresses.keyed_video(one, page_hour(tools.clock)))

    app.jinja_env.filters.update(
        decimal=decimal,
        day=day,
        moment=moment,
        money=money,
        apart=apart,
        star_width=star_width,
        picture=addresses.picture,
        video=addresses.video,
        language_name=language_name,
        keyed_picture=keyed_picture,
        keyed_video=keyed_video,
        shown_picture=lambda one, width: (
            addresses.picture(one.name, width) if one.is_public else keyed_picture(one, width)
        ),
        shown_video=lambda one: addresses.video(one.name) if one.is_public else keyed_video(one),
    )


def decimal(value: float) -> str:
    """One decimal, as the language writes it: 4.3 or 4,3."""
    return str(format_decimal(value, format="0.0", locale=get_locale()))


def language_name(code: str) -> str:
    """A language in English: "German"."""
    return str(ENGLISH.languages[code])


def day(at: datetime) -> str:
    """A date in words."""
    return str(format_date(at, format="long", locale=get_locale()))


def moment(at: datetime) -> str:
    """Date and time, UTC."""
    return str(format_datetime(at, format="d MMM y, HH:mm:ss", locale=get_locale())) + " UTC"


def apart(value: str) -> str:
    """What is filled into a sentence, in its own direction: the "#" of "#1205" would jump behind it."""
    return kept_apart(page_language(), {"value": value})["value"]


def money(minor: int, currency: str) -> str:
    """A price from cents, pence, ..."""
    price = str(format_currency(plain_amount(minor, currency), currency, locale=get_locale()))
    # CLDR parts letters from figures, ISK 8,900; Babel leaves that out.
    price = LETTER_THEN_FIGURE.sub("\u00a0", price)
    # The "$" of "US$" at the end of a price that runs from the right would jump before its letters.
    return price + LEFT_TO_RIGHT if price.startswith(RIGHT_TO_LEFT) else price


def star_width(value: float) -> float:
    """Where five drawn stars are cut, in units of their 98-unit picture: exact within a star."""
    whole = int(value)
    rest = value - whole
    return whole * STAR_STEP + (STAR_EDGE + rest * STAR_WIDTH if rest else 0)
