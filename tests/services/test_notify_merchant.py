import random
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.config import Settings
from reviews_app.integrations.kustomer.classify import Outcome, Result
from reviews_app.models.account import Account
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import AttentionReason, Destination
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.store import Store
from reviews_app.services.hold_destination import activate, needs_attention
from reviews_app.services.notify_merchant import notify_merchants
from reviews_app.services.record_delivery import Recorder
from reviews_app.services.send_test_review import send_test_review
from reviews_app.services.tools import Tools, make_tools
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
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


REFUSED = Result(Outcome.REFUSED_BODY, "Kustomer refused this review.", 400)
TAKEN = Result(Outcome.DELIVERED, "Kustomer has it.", 200)


class Shop:
    """A store whose reviews go out one by one, each answered as the test says."""

    def __init__(self, session: Session, clock: FakeClock, tools: Tools) -> None:
        self._session = session
        self._clock = clock
        self.tools = tools
        self.store = make_store(session)
        join(session, self.store, "owner@example.com", StoreRole.OWNER)
        self.destination = make_destination(session, self.store)
        self._product = make_product(session, self.store)

    def answered(self, result: Result) -> Delivery:
        review = leave_review(self._session, self.store, self._product, clock=self._clock)
        row = self._session.scalars(select(Delivery).where(Delivery.review_id == review.id)).one()
        self.record(row, result)
        return row

    def record(self, row: Delivery, result: Result) -> None:
        Recorder(unit=1, spread=random.Random(1)).record(self._session, row, result, now=self._clock())
        self._session.flush()

    def told(self) -> int:
        return notify_merchants(self._session, tools=replace(self.tools, clock=self._clock))

    def last_mail(self) -> str:
        mails = select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)
        return text(self.tools, self._session.scalars(mails).one()).replace("=\n", "")


def test_a_review_kustomer_will_not_take_is_told_with_the_way_to_it(
    session: Session, clock: FakeClock, settings: Settings
) -> None:
    shop = Shop(session, clock, make_tools(settings))
    shop.answered(REFUSED)
    assert [shop.told(), shop.told()] == [1, 0]
    assert "Kustomer did not take a review of Larkspur" in shop.last_mail()
    assert "1 review was not taken by Kustomer and waits for you." in shop.last_mail()
    assert "http://shop.test/merchant/larkspur/deliveries" in shop.last_mail()


def test_a_body_that_stays_too_large_is_told_and_one_that_fits_when_reduced_is_not(
    session: Session, clock: FakeClock, settings: Settings
) -> None:
    shop = Shop(session, clock, make_tools(settings))
    too_large = Result(Outcome.TOO_LARGE, "The review was too large for Kustomer.", 413)
    row = shop.answered(REFUSED)
    row.state, row.body, row.is_reduced = DeliveryState.WAITING, b"{}", True
    shop.destination.is_refusal_untold = False
    shop.record(row, too_large)
    assert (row.state, shop.told()) == (DeliveryState.FAILED, 1)


def test_refused_reviews_of_one_day_are_told_together(session: Session, clock: FakeClock, settings: Settings) -> None:
    shop = Shop(session, clock, make_tools(settings))
    shop.answered(REFUSED)
    assert shop.told() == 1
    shop.answered(TAKEN)
    shop.answered(REFUSED)
    shop.answered(TAKEN)
    shop.answered(REFUSED)
    clock.advance(hours=23, minutes=59)
    assert shop.told() == 0
    clock.advance(minutes=1)
    assert [shop.told(), shop.told()] == [1, 0]
    assert "3 reviews were not taken and wait for you." in shop.last_mail()


def test_a_day_without_a_refused_review_brings_no_mail(session: Session, clock: FakeClock, settings: Settings) -> None:
    shop = Shop(session, clock, make_tools(settings))
    shop.answered(REFUSED)
    shop.told()
    for _ in range(3):
        clock.advance(hours=24)
        assert shop.told() == 0


def test_refused_reviews_wait_while_the_whole_destination_is_told_of(
    session: Session, clock: FakeClock, settings: Settings
) -> None:
    shop = Shop(session, clock, make_tools(settings))
    for _ in range(3):
        shop.answered(REFUSED)
    assert shop.destination.reason is AttentionReason.REFUSED_BODY
    assert [shop.told(), shop.told()] == [1, 0]
    assert "Kustomer does not take reviews" in shop.last_mail()
    activate(session, shop.destination, now=clock())
    session.flush()
    assert shop.told() == 2
    assert "3 reviews were not taken and wait for you." in shop.last_mail()


def test_what_was_sent_again_in_time_is_not_told(session: Session, clock: FakeClock, settings: Settings) -> None:
    shop = Shop(session, clock, make_tools(settings))
    row = shop.answered(REFUSED)
    shop.record(row, TAKEN)
    assert (row.state, shop.told()) == (DeliveryState.DELIVERED, 0)


def test_a_review_that_was_tried_for_its_whole_time_is_told(
    session: Session, clock: FakeClock, settings: Settings
) -> None:
    shop = Shop(session, clock, make_tools(settings))
    row = shop.answered(TAKEN)
    row.state, row.delivered_at = DeliveryState.WAITING, None
    row.deadline_at = clock() + timedelta(seconds=1)
    shop.record(row, Result(Outcome.SERVER, "Kustomer had a fault of its own.", 503))
    assert (row.state, shop.told()) == (DeliveryState.FAILED, 1)


def test_a_test_review_that_is_refused_is_seen_on_its_page_and_not_told_by_mail(
    session: Session, clock: FakeClock, settings: Settings
) -> None:
    shop = Shop(session, clock, make_tools(settings))
    sent = send_test_review(
        session, shop.destination, email="owner@example.com", clock=clock, make_id=shop.tools.make_id
    )
    shop.record(sent, REFUSED)
    assert (sent.state, shop.told()) == (DeliveryState.FAILED, 0)
