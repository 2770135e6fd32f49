from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.product import Product
from reviews_app.models.review import Review, Source
from reviews_app.models.store import Store
from reviews_app.services.review_draft import ReviewDraft
from reviews_app.services.submit_review import Proof, submit_review
from tests.fakes.clock import FakeClock


def make_draft(**changes: Any) -> ReviewDraft:
    values: dict[str, Any] = {
        "form_id": new_id().hex,
        "rating": 4,
        "title": "Solid pack",
        "body": "I have carried this pack for three months and the straps still hold.",
        "name": "Morgan Reed",
        "email": "morgan@example.com",
        "page_language": "en",
        "is_recommended": True,
        "country_code": "AU",
    }
    return ReviewDraft(**(values | changes))


def leave_review(
    session: Session,
    store: Store,
    product: Product,
    *,
    source: Source = Source.WRITE_REVIEW_BUTTON,
    clock: Callable[[], datetime] | None = None,
    proof: Proof | None = None,
    **changes: Any,
) -> Review:
    """A review through the service both doors use."""
    draft = make_draft(**({"email": f"{new_id().hex}@example.com"} | changes))
    return submit_review(
        session, draft, store=store, product=product, source=source, clock=clock or FakeClock(), proof=proof
    )
