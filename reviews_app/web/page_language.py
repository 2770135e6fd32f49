"""In which language a shopper reads: asked for, or the browser's first that the store speaks, or the store's own."""

from collections.abc import Sequence
from typing import Protocol

from flask import Flask, Response, g, request
from flask_babel import Babel, get_locale

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
TRANSLATED = ("en", "de", "fr", "es", "ja", "ar")


class Speaks(Protocol):
    """What a store, or a read of it, says of its languages, the first one first."""

    @property
    def languages(self) -> Sequence[str]:
        """Two-letter codes."""


def register_page_language(app: Flask, translations: str) -> None:
    """Set Flask-Babel up; pages outside a store are English."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = translations
    Babel(app, locale_selector=page_language)
    app.jinja_env.globals.update(page_language=page_language, text_direction=text_direction)

    @app.after_request
    def _name_language(response: Response) -> Response:
        if g.get("page_language"):
            response.content_language.add(g.page_language)
            response.vary.add("Accept-Language")
        return response


def choose_language(store: Speaks, preferred: str = "") -> str:
    """Settle this page's language for a store; call it before the page is rendered.

    `preferred` is the language a mail was written in: who follows its link reads on in it.
    """
    spoken = [language for language in store.languages if language in TRANSLATED] or ["en"]
    asked = request.args.get("lang", "")
    named = next((language for language in (asked, preferred) if language in spoken), None)
    g.page_language = named or request.accept_languages.best_match(spoken, spoken[0]) or "en"
    return page_language()


def asked_language() -> str | None:
    """The language the address names, where pages exist in it; links of the page go on naming it."""
    asked = request.args.get("lang", "")
    return asked if asked in TRANSLATED else None


def page_language() -> str:
    """The language of this page."""
    chosen: str = g.get("page_language") or "en"
    return chosen


def text_direction() -> str:
    """`rtl` where the page's language is written so."""
    locale = get_locale()
    return "rtl" if locale is not None and locale.language in RIGHT_TO_LEFT else "ltr"
