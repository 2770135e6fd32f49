"""Addresses and plain form bodies must be UTF-8: anything else is refused before a view sees it.

Werkzeug would keep the broken bytes percent-encoded, and other words would be saved than were sent. Forms with files
are read field by field; there the fields themselves refuse (`form_fields.Writable`).

The doors with forms take forms alone: Flask-WTF would read JSON as one, with numbers and lists where the fields expect
text.
"""

from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

PLAIN_FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 2 * 1024 * 1024
DOORS_WITH_FORMS = frozenset({"storefront", "review_links", "confirmations", "merchant", "security"})


def register_well_formed(app: Flask) -> None:
    """Look at each request once."""

    @app.before_request
    def _refuse_broken_text() -> None:
        # PostgreSQL keeps no text with it, so nothing is called so.
        if "\0" in request.path:
            abort(404)
        if not _is_utf8(request.query_string):
            abort(400)
        if request.is_json and request.blueprint in DOORS_WITH_FORMS:
            abort(415)
        if request.mimetype == PLAIN_FORM:
            if (request.content_length or 0) > MOST_BYTES:
                abort(413)
            if not _is_utf8(request.get_data(cache=True)):
                abort(400)


def _is_utf8(raw: bytes) -> bool:
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return False
    return True
