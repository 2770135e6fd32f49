from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.account import Account
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.store import Store
from tests.fakes.clock import START
from tests.fakes.visitor import Page

PASSWORD = "a-long-password"


def make_member(
    session: Session, store: Store, email: str = "merchant@example.com", role: StoreRole = StoreRole.OWNER
) -> Account:
    account = session.scalar(select(Account).where(Account.email == email))
    if account is None:
        account = Account(
            email=email, name="Kim", password=hash_password(PASSWORD), fs_uniquifier=new_id().hex, confirmed_at=START
        )
        session.add(account)
        session.flush()
    session.add(Membership(store_id=store.id, account_id=account.id, role=role, created_at=START))
    session.flush()
    return account


def signed_in(app: Flask, email: str = "merchant@example.com") -> FlaskClient:
    """A browser whose owner signed in by the form."""
    client = app.test_client()
    values = Page(client.get("/merchant/sign-in").text).values
    answer = client.post("/merchant/sign-in", data=values | {"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client
