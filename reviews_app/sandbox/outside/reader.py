"""Who asks: a person's browser or a program."""

from flask import request


def is_person() -> bool:
    """Whether a page is wanted rather than JSON; a program that takes anything gets JSON."""
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
