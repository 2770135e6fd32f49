from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.config import Settings
from reviews_app.models.account import Account
from reviews_app.models.destination import AttentionReason, Destination
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.store import Store
from reviews_app.services.hold_destination import activate, needs_attention
from reviews_app.services.notify_merchant import notify_merchants
from reviews_app.services.tools import Tools, make_tools
from tests.factories.destination import make_destination
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock


def join(session: Session, store: Store, email: str, role: StoreRole) -> None:
    account = Account(email=email, fs_uniquifier=email, active=True)
    session.add(account)
    session.flush()
    session.add(Membership(store_id=store.id, account_id=account.id, role=role, created_at=START))
    session.flush()


def troubled(session: Session, clock: FakeClock) -> Destination:
    store = make_store(session)
    join(session, store, "owner@example.com", StoreRole.OWNER)
    join(session, store, "viewer@example.com", StoreRole.VIEWER)
    destination = make_destination(session, store)
    needs_attention(session, destination, AttentionReason.KEY, detail="Expired token.", now=clock())
    session.flush()
    return destination


def text(tools: Tools, mail: OutgoingMail) -> str:
    assert mail.message is not None
    return tools.keyring.open(mail.message)


def test_the_owners_are_told_once_what_is_wrong_and_where_to_mend_it(
    session: Session, clock: FakeClock, settings: Settings
) -> None:
    tools = make_tools(settings)
    troubled(session, clock)
    assert notify_merchants(session, tools=tools) == 1
    assert notify_merchants(session, tools=tools) == 0
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.recipient, mail.kind) == ("owner@example.com", MailKind.DELIVERY_NOTICE)
    assert "Expired token." in text(tools, mail)
    assert "http://shop.test/merchant/larkspur/settings/integrations/kustomer" in text(tools, mail).replace("=\n", "")


def test_a_second_trouble_after_a_recovery_is_told_again(
    session: Session, clock: FakeClock, settings: Settings
) -> None:
    tools = make_tools(settings)
    destination = troubled(session, clock)
    notify_merchants(session, tools=tools)
    activate(session, destination, now=clock())
    needs_attention(session, destination, AttentionReason.HOOK_GONE, detail="The hook is gone.", now=clock())
    session.flush()
    assert notify_merchants(session, tools=tools) == 1


def test_the_end_of_a_told_trouble_is_told_once(session: Session, clock: FakeClock, settings: Settings) -> None:
    tools = make_tools(settings)
    destination = troubled(session, clock)
    notify_merchants(session, tools=tools)
    activate(session, destination, now=clock())
    session.flush()
    assert [notify_merchants(session, tools=tools) for _ in range(2)] == [1, 0]
    mails = [text(tools, mail) for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]
    assert "takes reviews of Larkspur again" in mails[1]
    assert "Every review has arrived." in mails[1]


def test_a_trouble_nobody_was_told_of_ends_in_silence(session: Session, clock: FakeClock, settings: Settings) -> None:
    destination = troubled(session, clock)
    activate(session, destination, now=clock())
    session.flush()
    assert notify_merchants(session, tools=make_tools(settings)) == 0


def test_a_trouble_that_comes_back_before_the_mail_is_told_as_trouble_alone(
    session: Session, clock: FakeClock, settings: Settings
) -> None:
    tools = make_tools(settings)
    destination = troubled(session, clock)
    notify_merchants(session, tools=tools)
    activate(session, destination, now=clock())
    needs_attention(session, destination, AttentionReason.KEY, detail="Expired token.", now=clock())
    session.flush()
    assert notify_merchants(session, tools=tools) == 1
    assert destination.is_heal_untold is False
