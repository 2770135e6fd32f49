"""Makes an account; the password comes hashed from the door that knows how."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.ids import NewId
from reviews_app.lib.people import email_key
from reviews_app.models.account import Account


class AddressTaken(Exception):
    """An account with this address exists."""


def create_account(
    session: Session, *, email: str, name: str, password_hash: str, clock: Clock, make_id: NewId
) -> Account:
    """A new account. Raises AddressTaken."""
    key = email_key(email)
    if session.scalar(select(Account.id).where(Account.email == key)) is not None:
        raise AddressTaken
    account = Account(
        email=key, name=name.strip(), password=password_hash, fs_uniquifier=make_id().hex, confirmed_at=clock()
    )
    session.add(account)
    session.flush()
    return account
