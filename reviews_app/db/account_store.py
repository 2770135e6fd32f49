"""Accounts as Flask-Security reads and writes them (decision record 3)."""

from flask_security import SQLAlchemyUserDatastore

from reviews_app.db.database import commit_for_library, db
from reviews_app.models.account import Account, Role


class AccountStore(SQLAlchemyUserDatastore):
    """The library's datastore on our session; its commit is the database file's."""

    def commit(self) -> None:
        """End the library's own small transaction: a new password, a signed-out session."""
        commit_for_library()


account_store = AccountStore(db, Account, Role)
