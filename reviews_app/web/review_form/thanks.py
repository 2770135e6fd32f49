"""The signed id in a thank-you page's address: it shows its own review to whoever sent it, and to nobody else."""

from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from reviews_app.models.product import Product
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.queries.find_review import find_review
from reviews_app.queries.not_found import NotFound

SALT = "thanks"


def thanks_token(review: Review) -> str:
    """The address's last part."""
    return str(_serializer().dumps(review.id.hex))


def thanked_review(session: Session, store: Store, product: Product, *, token: str) -> Review:
    """The review of this product a thank-you page is for; raises NotFound."""
    try:
        review = find_review(session, store, UUID(_serializer().loads(token)))
    except (BadSignature, ValueError, TypeError, AttributeError):
        raise NotFound from None
    if review.product_id != product.id:
        raise NotFound
    return review


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=SALT)
