"""One person, one voice for a product: also when two forms are sent at the same moment."""

from uuid import UUID

from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.lib.people import email_key


def wait_for_their_voice(session: Session, *, product_id: UUID, email: str) -> None:
    """Before asking whether this address has spoken: wait for what else it is saying at this moment.

    Two forms, or the links of two orders, would not see each other and both would count.
    """
    wait_for_others(session, f"review of {product_id} by {email_key(email)}")
