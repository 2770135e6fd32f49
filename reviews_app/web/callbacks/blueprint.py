"""Where machines call us: they speak JSON and sign what they say."""

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

callbacks = Blueprint("callbacks", __name__, url_prefix="/callbacks")

WORDS = {
    401: "The signature is missing, wrong or too old.",
    413: "The body is larger than 2 MB.",
    503: "Not taken just now. Send it again.",
}


@callbacks.errorhandler(HTTPException)
def tell_machine(error: HTTPException) -> tuple[Response, int]:
    """An HTTP error as a machine reads it."""
    status = error.code or 500
    return jsonify(outcome="refused", detail=WORDS.get(status, error.name)), status


@callbacks.errorhandler(OperationalError)
def tell_busy(_error: OperationalError) -> tuple[Response, int, dict[str, str]]:
    """The database did not answer in time; a sender that tries again loses nothing."""
    return jsonify(outcome="refused", detail=WORDS[503]), 503, {"Retry-After": "5"}
