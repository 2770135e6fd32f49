from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.account import Account
from reviews_app.models.invitation import Invitation, InvitationSpent
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.store import Store
from reviews_app.queries.find_invitation import find_invitation, find_open_invitation, open_invitations
from reviews_app.queries.not_found import NotFound
from reviews_app.services.create_account import AddressTaken, create_account
from reviews_app.services.members import LastOwner, change_role, invite_member, join_store, remove_member
from reviews_app.services.tools import Tools
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


def make_account(session: Session, clock: FakeClock, email: str = "robin@example.com") -> Account:
    return create_account(session, email=email, name="Robin", password_hash="x", clock=clock, make_id=new_id)


def owner_of(session: Session, store: Store, clock: FakeClock, email: str) -> Membership:
    account = make_account(session, clock, email)
    row = Membership(store_id=store.id, account_id=account.id, role=StoreRole.OWNER, created_at=clock())
    session.add(row)
    session.flush()
    return row


def test_an_address_has_one_account_however_it_is_written(session: Session, clock: FakeClock) -> None:
    make_account(session, clock)
    with pytest.raises(AddressTaken):
        make_account(session, clock, " Robin@Example.com ")


def test_an_invitation_and_its_mail_are_rows(session: Session, clock: FakeClock, tools: Tools) -> None:
    store = make_store(session)
    row = invite_member(session, store, email="Robin@Example.com", role=StoreRole.MANAGER, tools=tools)
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.kind, mail.store_id, mail.subject) == (MailKind.INVITATION, store.id, "Join Larkspur on Reviews")
    assert (row.email, row.role) == ("robin@example.com", StoreRole.MANAGER)
    assert row.expires_at - row.created_at == timedelta(days=7)


def test_joining_spends_the_invitation(session: Session, clock: FakeClock, tools: Tools) -> None:
    store = make_store(session)
    row = invite_member(session, store, email="robin@example.com", role=StoreRole.VIEWER, tools=tools)
    session.flush()
    account = make_account(session, clock)
    assert join_store(session, row, account, clock=clock).role is StoreRole.VIEWER
    with pytest.raises(InvitationSpent):
        join_store(session, row, account, clock=clock)


def test_joining_again_raises_a_role_and_never_lowers_it(session: Session, clock: FakeClock, tools: Tools) -> None:
    store = make_store(session)
    account = make_account(session, clock)
    held = []
    for role in (StoreRole.MODERATOR, StoreRole.VIEWER, StoreRole.MANAGER):
        row = invite_member(session, store, email="robin@example.com", role=role, tools=tools)
        session.flush()
        held.append(join_store(session, row, account, clock=clock).role)
    assert held == [StoreRole.MODERATOR, StoreRole.MODERATOR, StoreRole.MANAGER]
    assert len(session.scalars(select(Membership)).all()) == 1


def test_an_expired_invitation_lets_nobody_in(session: Session, clock: FakeClock, tools: Tools) -> None:
    row = invite_member(session, make_store(session), email="r@example.com", role=StoreRole.VIEWER, tools=tools)
    session.flush()
    clock.advance(days=8)
    with pytest.raises(InvitationSpent):
        join_store(session, row, make_account(session, clock), clock=clock)


def test_a_store_keeps_its_last_owner(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    only = owner_of(session, store, clock, "a@example.com")
    with pytest.raises(LastOwner):
        remove_member(session, store, only)
    with pytest.raises(LastOwner):
        change_role(session, store, only, role=StoreRole.MANAGER)
    change_role(session, store, only, role=StoreRole.OWNER)
    other = owner_of(session, store, clock, "b@example.com")
    remove_member(session, store, only)
    assert session.scalars(select(Membership.id)).all() == [other.id]


def test_owners_of_other_stores_do_not_count(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    only = owner_of(session, store, clock, "a@example.com")
    owner_of(session, make_store(session, "juniper"), clock, "b@example.com")
    with pytest.raises(LastOwner):
        remove_member(session, store, only)


def test_invitations_are_found_by_token_and_by_store(session: Session, clock: FakeClock, tools: Tools) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    row = invite_member(session, store, email="r@example.com", role=StoreRole.VIEWER, tools=tools)
    session.flush()
    with pytest.raises(NotFound):
        find_invitation(session, "nonsense")
    with pytest.raises(NotFound):
        find_open_invitation(session, other, row.id, now=clock())
    assert find_open_invitation(session, store, row.id, now=clock()) is row
    assert open_invitations(session, store, now=clock() + timedelta(days=8)) == []
    assert session.scalars(select(Invitation.id)).all() == [row.id]
