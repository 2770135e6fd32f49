"""A test mail to who is signed in, and what the page says of it."""

from collections.abc import Callable

from flask import flash
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.mail.message import AddressRefused
from reviews_app.web.guards import Member
from reviews_app.web.limits import may_mail_test


def mail_to_self(me: Member, write: Callable[[Session], object], *, done: str) -> None:
    """Queue what `write` writes, unless twenty went within the hour; the next page says which."""
    if not may_mail_test(me.account.email):
        flash("Twenty test mails went to you within an hour. Nothing was sent; try again a little later.", "warn")
        return
    try:
        with transaction() as writing:
            write(writing)
        flash(done, "ok")
    except AddressRefused as refused:
        flash(f"No mail can be sent: {refused} is not an address.", "warn")
