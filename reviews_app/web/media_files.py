"""Serves re-encoded pictures and videos, and nothing else."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ContentRange
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from reviews_app.db.database import session
from reviews_app.media.keeper import StorageAway
from reviews_app.media.storage import SERVED, Served
from reviews_app.queries.media_viewing import Viewing, media_viewing
from reviews_app.web.guards import public
from reviews_app.web.tools import tools

media_files = Blueprint("media_files", __name__, url_prefix="/media")
YEAR = 31_536_000
# What only a key opens: long enough for a page that shows it twice, short enough to end with its key.
A_MOMENT = 300
READY_IN_SECONDS = "3"


@media_files.get("/<file_name>")
@public
def send_picture(file_name: str) -> ResponseReturnValue:
    """The file of a random name: to everybody once its review is published, before that to who holds a key.

    One still in work answers 404 with when to come back: its address is fixed already.
    """
    named = SERVED.fullmatch(file_name)
    seen = media_viewing(session(), named.group(1)) if named else None
    if seen is None or not (seen.is_public or _holds_key(seen)):
        return _absent()
    if seen.is_in_work:
        return _absent(later=True)
    try:
        served = tools().storage.served_file(file_name) if seen.is_ready else None
        return _absent() if served is None else _shown(seen, served, tag=file_name)
    except StorageAway:
        return "The storage does not answer.", 503, {"Retry-After": READY_IN_SECONDS, **_plain()}


def _holds_key(seen: Viewing) -> bool:
    given = request.args
    return seen.opens_to(given.get("key", ""), given.get("until", ""), now=tools().clock())


def _absent(*, later: bool = False) -> ResponseReturnValue:
    """No cache may keep it: a name comes to life when its work is done, or its review published."""
    return "There is nothing here.", 404, _plain() | ({"Retry-After": READY_IN_SECONDS} if later else {})


def _plain() -> dict[str, str]:
    return {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


def _shown(seen: Viewing, served: Served, *, tag: str) -> Response:
    response = _part_asked_for(served, tag=tag)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if seen.is_public:
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.private = True
        response.cache_control.max_age = A_MOMENT
    return response


def _part_asked_for(served: Served, *, tag: str) -> Response:
    """All of it, the range a player asks for (206), or 304: a name never gets other bytes, so it is its own tag."""
    response = Response(mimetype=served.content_type)
    response.set_etag(tag)
    response.accept_ranges = "bytes"
    if request.if_none_match.contains(tag):
        response.status_code = 304
        return response
    wanted = _range_asked_for(served, tag=tag)
    start, end = wanted or (0, served.byte_count)
    response.response = tools().storage.read(served, start=start, length=end - start)
    response.content_length = end - start
    if wanted:
        response.status_code = 206
        response.content_range = ContentRange("bytes", start, end, served.byte_count)
    return response


def _range_asked_for(served: Served, *, tag: str) -> tuple[int, int] | None:
    """One range of bytes, unless it is wanted of another file; whoever asks for anything else gets all of it."""
    asked = request.range
    is_other = "If-Range" in request.headers and request.if_range.etag != tag
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or is_other:
        return None
    wanted = asked.range_for_length(served.byte_count)
    if wanted is None:
        none = Response("There is no such part.", 416, _plain() | {"Content-Range": f"bytes */{served.byte_count}"})
        raise RequestedRangeNotSatisfiable(response=none)
    return wanted
