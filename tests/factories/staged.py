"""Pictures and videos as a form stages them, and as a worker leaves them behind."""

from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.media import Media, MediaKind, MediaState
from reviews_app.models.product import Product
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.services.stage_picture import Ticket, stage_picture
from reviews_app.services.tools import Tools
from tests.factories.picture import make_picture
from tests.factories.review import leave_review

MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 64
FORM_ID = "form-1"


def make_staged(
    session: Session,
    store: Store,
    tools: Tools,
    *,
    key: str | None = None,
    raw: bytes | None = None,
    form_id: str = FORM_ID,
    place: int | None = None,
    name: str = "walk.jpg",
) -> Media:
    """One file taken in through the service."""
    return stage_picture(
        session,
        store,
        form_id=form_id,
        stream=BytesIO(make_picture() if raw is None else raw),
        filename=name,
        storage=tools.storage,
        clock=tools.clock,
        ticket=Ticket(place=place) if key is None else Ticket(key, place),
    )


def make_ready(row: Media, *, width: int = 1600, height: int = 1200, seconds: int | None = None) -> Media:
    """As if a worker had prepared it."""
    row.state, row.width, row.height = MediaState.READY, width, height
    if seconds is not None:
        row.kind, row.duration_ms = MediaKind.VIDEO, seconds * 1000
    return row


def leave_review_with_pictures(
    session: Session, store: Store, product: Product, tools: Tools, *, count: int = 1, **changes: Any
) -> Review:
    """A review with that many prepared pictures, "Picture 1" and so on."""
    form_id = new_id().hex
    for number in range(1, count + 1):
        row = make_staged(session, store, tools, form_id=form_id, name=f"{number}.jpg")
        make_ready(row).caption = f"Picture {number}"
    review = leave_review(session, store, product, clock=tools.clock, form_id=form_id, **changes)
    session.flush()
    session.refresh(review, ["media"])
    return review
