"""Every table, so that the metadata is whole wherever this is imported."""

from reviews_app.models import (
    account,
    attribute,
    bulk_send,
    callback,
    clock_beat,
    customer,
    delivery,
    destination,
    file_import,
    invitation,
    media,
    membership,
    order,
    outgoing_mail,
    product,
    rating,
    review,
    review_request,
    shop_facts,
    spent_challenge,
    store,
)
from reviews_app.models.base import Base

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "account",
    "attribute",
    "bulk_send",
    "callback",
    "clock_beat",
    "customer",
    "delivery",
    "destination",
    "file_import",
    "invitation",
    "media",
    "membership",
    "order",
    "outgoing_mail",
    "product",
    "rating",
    "review",
    "review_request",
    "shop_facts",
    "spent_challenge",
    "store",
]
