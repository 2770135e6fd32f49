"""Who works in a store: inviting, joining, leaving."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.people import email_key
from reviews_app.lib.tokens import new_token, token_hash
from reviews_app.mail.invitation import invitation as invitation_mail
from reviews_app.mail.message import Envelope, compose
from reviews_app.models.account import Account
from reviews_app.models.invitation import Invitation, InvitationSpent
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.store import Store
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.tools import Tools

INVITATION_DAYS = 7


class LastOwner(Exception):
    """A store without an owner could never be managed again."""


def invite_member(session: Session, store: Store, *, email: str, role: StoreRole, tools: Tools) -> Invitation:
    """Write the invitation and its mail; only the hash of the link's token is kept."""
    token = new_token()
    now = tools.clock()
    row = Invitation(
        store_id=store.id,
        email=email_key(email),
        role=role,
        token_hash=token_hash(token),
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    session.add(row)
    content = invitation_mail(
        store_name=store.name, role=str(role), link=tools.addresses.invitation(token), days=INVITATION_DAYS
    )
    envelope = Envelope(sender=tools.settings.sender, sender_name=store.name, recipient=email.strip())
    message = compose(envelope, content, clock=tools.clock, make_id=tools.make_id)
    queue_mail(
        session,
        message,
        kind=MailKind.INVITATION,
        store_id=store.id,
        tools=tools,
    )
    return row


def join_store(session: Session, invitation: Invitation, account: Account, *, clock: Clock) -> Membership:
    """Spend the invitation; somebody who is a member already keeps the higher role. Raises InvitationSpent.

    A link withdrawn since its page was opened counts as spent.
    """
    there = session.get(Invitation, invitation.id, with_for_update=True, populate_existing=True)
    if there is None:
        raise InvitationSpent
    there.accept(clock())
    known = session.scalar(
        select(Membership).where(Membership.store_id == invitation.store_id, Membership.account_id == account.id)
    )
    if known is not None:
        known.role = known.role if known.role.may_act_as(invitation.role) else invitation.role
        return known
    member = Membership(store_id=invitation.store_id, account_id=account.id, role=invitation.role, created_at=clock())
    session.add(member)
    session.flush()
    return member


def change_role(session: Session, store: Store, member: Membership, *, role: StoreRole) -> None:
    """Give a member another role. Raises LastOwner."""
    if role is not StoreRole.OWNER:
        _keep_an_owner(session, store, member)
    member.role = role
    session.flush()


def remove_member(session: Session, store: Store, member: Membership) -> None:
    """Take a member out at once. Raises LastOwner."""
    _keep_an_owner(session, store, member)
    session.delete(member)
    session.flush()


def withdraw_invitation(session: Session, invitation: Invitation) -> None:
    """Its link opens nothing any more."""
    session.delete(invitation)
    session.flush()


def _keep_an_owner(session: Session, store: Store, member: Membership) -> None:
    """Under a lock: two owners taking each other out at once leave one."""
    owners = session.scalars(
        select(Membership.id)
        .where(Membership.store_id == store.id, Membership.role == StoreRole.OWNER)
        .order_by(Membership.id)
        .with_for_update()
    ).all()
    if list(owners) == [member.id]:
        raise LastOwner
