"""Sends a buyer whose link has run out a new one, to the address of the order and nowhere else."""

import structlog
from sqlalchemy.orm import Session

from reviews_app.models.order import Order
from reviews_app.models.store import Store
from reviews_app.services.request_refused import RequestRefused
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.tools import Tools

log = structlog.get_logger()


def send_new_link(session: Session, order: Order, *, store: Store, tools: Tools) -> bool:
    """Whether a request went out: the rules of any request hold, and who asked learns nothing of it."""
    try:
        request_reviews(session, order, store=store, tools=tools)
    except RequestRefused as refused:
        log.info("no new link is sent", store=store.slug, why=type(refused).__name__)
        return False
    return True
