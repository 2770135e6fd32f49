"""Serves re-encoded pictures and videos, and nothing else."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import ContentRange
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from reviews_app.db.database import session
from reviews_app.media.storage import SERVED, Served
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
    served = tools().storage.served_file(file_name)
    if served is None:
        return _not_yet(file_name)
    response = _part_asked_for(served, tag=file_name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.public = True
    response.cache_control.max_age = YEAR
    response.cache_control.immutable = True
    return response


def _part_asked_for(served: Served, *, tag: str) -> Response:
    """All of it, the range a player asks for (206), or 304: a name never gets other bytes, so it is its own tag."""
    wanted = request.range.range_for_length(served.byte_count) if request.range else None
    if request.range and wanted is None:
        raise RequestedRangeNotSatisfiable(served.byte_count)
    start, end = wanted or (0, served.byte_count)
    response = Response(mimetype=served.content_type)
    response.set_etag(tag)
    response.accept_ranges = "bytes"
    if request.if_none_match.contains(tag):
        response.status_code = 304
        return response
    response.response = tools().storage.read(served, start=start, length=end - start)
    response.content_length = end - start
    if wanted:
        response.status_code = 206
        response.content_range = ContentRange("bytes", start, end, served.byte_count)
    return response


def _not_yet(file_name: str) -> ResponseReturnValue:
    named = SERVED.fullmatch(file_name)
    state = session().scalar(select(Media.state).where(Media.name == named.group(1))) if named else None
    if state is MediaState.UPLOADED:
        return "Not ready yet.", 404, {"Retry-After": READY_IN_SECONDS, "Content-Type": "text/plain"}
    raise NotFound
