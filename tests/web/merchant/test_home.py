import pytest
from sqlalchemy import select

from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.mail_sender import MailSender
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.product import Product
from tests.factories.destination import make_destination
from tests.factories.member import make_member
from tests.factories.order import make_order
from tests.factories.request_rule import make_rule
from tests.factories.review import leave_review
from tests.web.merchant.conftest import House


def home(house: House) -> str:
    return " ".join(house.owner.open(house.at).text.split())


def leave(house: House, count: int = 1) -> None:
    with house.writing() as (writing, store):
        for _ in range(count):
            leave_review(writing, store, writing.scalars(select(Product)).one(), clock=house.clock)


def connect(house: House, mode: Mode = Mode.ACTIVE) -> None:
    with house.writing() as (writing, store):
        make_destination(writing, store, mode=mode)


def test_a_new_store_is_led_through_its_set_up(house: House) -> None:
    text = home(house)
    assert "No review has come yet." in text
    assert "Kustomer is off." in text
    assert text.count(">Open<") == 5
    assert text.count(">Done<") == 2


@pytest.mark.parametrize("lacking", ["reply_address", "postal_address"])
def test_a_store_that_nobody_could_reach_is_told_so(house: House, lacking: str) -> None:
    step = 'reply and postal address</span> <span class="quiet">'
    assert f"{step}Done" in home(house)
    with house.writing() as (_writing, store):
        setattr(store, lacking, "")
    assert f"{step}Open" in home(house)


def test_set_up_leads_to_the_orders_the_test_mail_and_the_rule(house: House) -> None:
    steps = ("Let orders come in", "See that a test mail arrives", "Say when to ask for reviews")
    shown = [f'{step}</span> <span class="quiet">' for step in steps]
    assert [f"{step}Open" in home(house) for step in shown] == [True, True, True]
    assert f'href="{house.at}/settings/integrations/orders"' in home(house)
    with house.writing() as (writing, store):
        make_rule(writing, store)
        make_order(writing, store, writing.scalars(select(Product)).one())
    assert [f"{step}Done" in home(house) for step in shown] == [True, True, True]


def test_the_checklist_goes_once_everything_is_done(house: House) -> None:
    connect(house)
    with house.writing() as (writing, store):
        writing.scalars(select(Destination)).one().last_delivered_at = house.clock()
        order = make_order(writing, store, writing.scalars(select(Product)).one())
        writing.add(MailSender(store_id=store.id, name="", address="", confirmed_at=house.clock()))
        url = f"{house.at}/orders/{order.id}/request"
    assert "Set up" in home(house)
    house.owner.send(f"{house.at}/orders", at=url)
    assert "Set up" not in home(house)
    assert "1 request went out in the last 7 days." in home(house)


def test_waiting_reviews_are_counted_with_the_age_of_the_oldest(house: House) -> None:
    leave(house)
    house.clock.advance(hours=6)
    assert "1 review waits</a>, for 6 hours." in home(house)
    leave(house, 3)
    assert "4 reviews wait</a>, the oldest 6 hours." in home(house)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DeliveryState.DELIVERED, "Kustomer has everything."),
        (DeliveryState.WAITING, "Kustomer has 0 of 2 reviews</a>, 2 on the way, the oldest for 0 s."),
        (DeliveryState.HELD, "Kustomer has 0 of 2 reviews</a>, 2 held."),
        (DeliveryState.FAILED, "Kustomer has 0 of 2 reviews</a>, 2 refused."),
    ],
)
def test_kustomer_is_told_in_one_sentence(house: House, state: DeliveryState, words: str) -> None:
    connect(house)
    leave(house, 2)
    with house.writing() as (writing, _store):
        for row in writing.scalars(select(Delivery)):
            row.state = state
    assert words in home(house)


def test_a_pause_is_told(house: House) -> None:
    connect(house, Mode.PAUSED)
    leave(house)
    assert "Kustomer is paused. 1 held." in home(house)


def test_a_viewer_has_no_checklist(house: House) -> None:
    assert "Set up" not in house.visitor(StoreRole.VIEWER).open(house.at).text


def test_who_works_in_two_stores_chooses_and_comes_back_there(house: House, neighbour: House) -> None:
    with neighbour.writing() as (writing, store):
        make_member(writing, store, "merchant@example.com", StoreRole.MANAGER)
    assert house.owner.open("/merchant").location == "/merchant/stores"
    page = house.owner.open("/merchant/stores").text
    assert "Larkspur" in page
    assert "Juniper" in page
    house.owner.send("/merchant/stores", at=f"{neighbour.at}/choose")
    assert house.owner.open("/merchant").location == neighbour.at
    kustomer = "/settings/integrations/kustomer"
    assert house.owner.open(f"/merchant{kustomer}").location == neighbour.at + kustomer
    assert "Your other stores" in house.owner.open(f"{neighbour.at}/settings").text


def test_who_works_nowhere_is_told_what_to_do(house: House) -> None:
    visitor = house.visitor(StoreRole.VIEWER)
    with house.writing() as (writing, _store):
        writing.delete(writing.scalars(select(Membership).where(Membership.role == StoreRole.VIEWER)).one())
    assert visitor.open("/merchant").location == "/merchant/stores"
    assert "Ask its owner for an invitation." in visitor.open("/merchant/stores").text
