"""Serves re-encoded pictures, and nothing else."""

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from reviews_app.db.database import session
from reviews_app.media.storage import SERVED, MediaStorage
from reviews_app.models.media import Media, MediaState
from reviews_app.queries.not_found import NotFound
from reviews_app.web.guards import public
from reviews_app.web.tools import tools

media_files = Blueprint("media_files", __name__, url_prefix="/media")
YEAR = 31_536_000
READY_IN_SECONDS = "3"


@media_files.get("/<file_name>")
@public
def send_picture(file_name: str) -> ResponseReturnValue:
    """The file of a random name. One still in work answers 404 with when to come back: its address is fixed already."""
    path = MediaStorage(tools().settings.data_dir).served_file(file_name)
    if path is None:
        return _not_yet(file_name)
    response = send_file(path, mimetype="image/webp", max_age=YEAR, conditional=True)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.immutable = True
    return response


def _not_yet(file_name: str) -> ResponseReturnValue:
    named = SERVED.fullmatch(file_name)
    state = session().scalar(select(Media.state).where(Media.name == named.group(1))) if named else None
    if state is MediaState.UPLOADED:
        return "Not ready yet.", 404, {"Retry-After": READY_IN_SECONDS, "Content-Type": "text/plain"}
    raise NotFound
