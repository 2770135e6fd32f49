import re

from sqlalchemy.orm import Session

from reviews_app.models.order import Order
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.tools import Tools


def make_link(session: Session, order: Order, *, store: Store, tools: Tools) -> tuple[ReviewRequest, str]:
    """A request as the merchant sends it, and the token only its mail knows."""
    request = request_reviews(session, order, store=store, tools=tools)
    assert request.mail is not None
    assert request.mail.message is not None
    text = tools.keyring.open(request.mail.message).replace("=\n", "")
    found = re.search(r"/r/([\w-]{22})", text)
    assert found is not None
    return request, found.group(1)
