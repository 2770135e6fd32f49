"""The picture by which a merchant who wants to know counts opened mails: the one GET that writes."""

from flask import Response
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.models.review_request import ReviewRequest
from reviews_app.services.note_opened import counts_opens, note_opened
from reviews_app.web.guards import counting_by_link
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.review_links.opened import open_link
from reviews_app.web.tools import tools

# One transparent dot.
DOT = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


@review_links.get("/seen.gif")
@counting_by_link
def seen(token: str) -> ResponseReturnValue:
    """Note the first time, while the store counts; nothing depends on it."""
    link = open_link(token)
    if link.request.opened_at is None and counts_opens(session(), link.store):
        request_id = link.request.id
        with transaction() as writing:
            note_opened(writing.get_one(ReviewRequest, request_id), clock=tools().clock)
    return Response(DOT, mimetype="image/gif")
