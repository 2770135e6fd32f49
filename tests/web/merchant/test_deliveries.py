from datetime import timedelta

import pytest
from sqlalchemy import select

from reviews_app.lib.ids import new_id
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState, Trigger
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.membership import StoreRole
from reviews_app.models.product import Product
from tests.factories.destination import make_destination
from tests.factories.review import leave_review
from tests.fakes.clock import START
from tests.web.merchant.conftest import House


@pytest.fixture
def left(house: House) -> House:
    """One review, due to Kustomer."""
    with house.writing() as (writing, store):
        make_destination(writing, store)
        leave_review(writing, store, writing.scalars(select(Product)).one(), clock=house.clock, title="Solid pack")
    return house


def page_of(house: House) -> str:
    with house.rows() as rows:
        return f"{house.at}/deliveries/{rows.scalars(select(Delivery.id)).one()}"


def change(house: House, **values: object) -> None:
    with house.writing() as (writing, _store):
        row = writing.scalars(select(Delivery)).one()
        for name, value in values.items():
            setattr(row, name, value)


def test_each_review_stands_in_the_list_with_its_state(left: House) -> None:
    text = left.owner.open(f"{left.at}/deliveries").text
    assert "Solid pack" in text
    assert "Waiting" in text
    assert "Kustomer has 0 of 1 reviews, 1 on the way, the oldest for 0 s." in " ".join(text.split())


def test_the_list_shows_one_state_when_asked(left: House) -> None:
    assert "Solid pack" in left.owner.open(f"{left.at}/deliveries?state=waiting").text
    assert "Solid pack" not in left.owner.open(f"{left.at}/deliveries?state=held").text
    assert "Solid pack" in left.owner.open(f"{left.at}/deliveries?state=nonsense").text


def test_an_empty_list_says_what_to_do(house: House) -> None:
    assert "Nothing sent yet." in house.owner.open(f"{house.at}/deliveries").text


def test_the_list_goes_on_by_key_and_shows_each_once(left: House) -> None:
    with left.writing() as (writing, store):
        product = writing.scalars(select(Product)).one()
        for _ in range(30):
            leave_review(writing, store, product, clock=left.clock)
    url, seen = f"{left.at}/deliveries", []
    while url:
        text = left.owner.open(url).text
        seen += [part.partition('"')[0] for part in text.split(f'href="{left.at}/deliveries/')[1:]]
        more = text.partition('<a class="button" href="')[2].partition('"')[0]
        url = more.replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 31


def test_tries_stand_with_the_cause_first_and_the_answer_folded(left: House) -> None:
    with left.writing() as (writing, store):
        row = writing.scalars(select(Delivery)).one()
        writing.add(
            Attempt(
                store_id=store.id,
                delivery_id=row.id,
                n=1,
                trigger=Trigger.AUTO,
                started_at=START,
                finished_at=START,
                status=503,
                outcome="server",
                cause="Kustomer had trouble of its own.",
                answer_head="<script>alert(1)</script>",
            )
        )
        row.next_at = START + timedelta(hours=1)
    text = left.owner.open(page_of(left)).text
    assert text.index("Kustomer had trouble of its own.") < text.index(">503<") < text.index("What Kustomer answered")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Next try" in text


def test_times_are_told_in_the_stores_zone(left: House) -> None:
    assert "23 Nov, 13:00" in left.owner.open(f"{left.at}/deliveries").text


def test_a_delivery_on_its_way_asks_its_page_to_look_again(left: House) -> None:
    assert "data-live" in left.owner.open(page_of(left)).text
    change(left, state=DeliveryState.DELIVERED)
    assert "data-live" not in left.owner.open(page_of(left)).text


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.HELD, DeliveryState.DELIVERED])
def test_send_again_makes_it_due(left: House, state: DeliveryState) -> None:
    change(left, state=state)
    left.owner.send(page_of(left), at=f"{page_of(left)}/again")
    with left.rows() as rows:
        row = rows.scalars(select(Delivery)).one()
        assert (row.state, row.trigger) == (DeliveryState.WAITING, Trigger.MANUAL)


def hold(house: House, mode: Mode) -> None:
    with house.writing() as (writing, _store):
        writing.scalars(select(Destination)).one().mode = mode


@pytest.mark.parametrize(
    ("mode", "until"),
    [
        (Mode.PAUSED, "sending is resumed"),
        (Mode.OFF, "Kustomer is switched on"),
        (Mode.NEEDS_ATTENTION, "Kustomer takes reviews again"),
    ],
)
def test_send_again_says_what_it_waits_for_while_nothing_goes(left: House, mode: Mode, until: str) -> None:
    change(left, state=DeliveryState.FAILED)
    hold(left, mode)
    left.owner.send(page_of(left), at=f"{page_of(left)}/again")
    text = left.owner.open(page_of(left)).text
    assert f"It is held until {until}." in text
    assert f"It is kept, and goes out once {until}." in text
    assert "on its way" not in text.casefold()


def test_while_paused_no_second_try_is_promised_for_what_kustomer_has(left: House) -> None:
    change(left, state=DeliveryState.DELIVERED, delivered_at=START)
    hold(left, Mode.PAUSED)
    left.owner.send(page_of(left), at=f"{page_of(left)}/again")
    assert "Send it again once sending goes on." in left.owner.open(page_of(left)).text
    left.owner.send(f"{left.at}/deliveries?state=delivered", at=f"{left.at}/deliveries/again", state="delivered")
    assert "Send them again once sending goes on." in left.owner.open(f"{left.at}/deliveries").text
    with left.rows() as rows:
        assert rows.scalars(select(Delivery.state)).one() is DeliveryState.DELIVERED


def test_all_that_were_refused_are_held_while_paused(left: House) -> None:
    change(left, state=DeliveryState.FAILED)
    hold(left, Mode.PAUSED)
    left.owner.send(f"{left.at}/deliveries?state=failed", at=f"{left.at}/deliveries/again", state="failed")
    assert "1 review is held until sending is resumed." in left.owner.open(f"{left.at}/deliveries").text


def test_one_that_is_being_sent_is_left_alone(left: House) -> None:
    change(left, state=DeliveryState.FAILED)
    page = left.owner.open(page_of(left))
    change(left, state=DeliveryState.SENDING, lease_token=new_id())
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = left.owner.client.post(f"{page_of(left)}/again", data={"csrf_token": token})
    assert answer.status_code == 303
    assert "It is being sent at this moment." in left.owner.open(page_of(left)).text
    with left.rows() as rows:
        assert rows.scalars(select(Delivery.state)).one() is DeliveryState.SENDING


def test_without_the_token_nothing_is_sent_again(left: House) -> None:
    change(left, state=DeliveryState.FAILED)
    assert left.owner.client.post(f"{page_of(left)}/again").status_code == 400
    with left.rows() as rows:
        assert rows.scalars(select(Delivery.state)).one() is DeliveryState.FAILED


def test_a_viewer_sees_no_button_to_send_again(left: House) -> None:
    change(left, state=DeliveryState.FAILED)
    assert "Send again" not in left.visitor(StoreRole.VIEWER).open(page_of(left)).text


def test_a_delivery_that_is_not_there_is_a_kind_404(house: House) -> None:
    assert house.owner.open(f"{house.at}/deliveries/{new_id()}").status_code == 404
    assert house.owner.open(f"{house.at}/deliveries/nonsense").status_code == 404


def test_all_that_were_refused_can_be_sent_again_at_once(left: House) -> None:
    with left.writing() as (writing, _store):
        writing.scalars(select(Delivery)).one().state = DeliveryState.FAILED
    page = f"{left.at}/deliveries?state=failed"
    assert "1 review goes to Kustomer once more" in " ".join(left.owner.open(page).text.split())
    answer = left.owner.send(page, at=f"{left.at}/deliveries/again", state="failed")
    assert answer.status_code == 303
    with left.rows() as rows:
        assert rows.scalars(select(Delivery)).one().state is DeliveryState.WAITING


@pytest.mark.parametrize("state", ["held", "waiting", "", "no such state"])
def test_only_what_ended_can_be_sent_again_in_bulk(left: House, state: str) -> None:
    page = f"{left.at}/deliveries"
    left.owner.send(page, at=f"{page}/again", state=state)
    assert "Choose once more what to send again." in left.owner.open(page).text


def test_a_delivery_shows_the_body_as_it_was_sent(left: House) -> None:
    with left.writing() as (writing, _store):
        row = writing.scalars(select(Delivery)).one()
        row.body = b'{"event":"review.left","text":"<script>alert(1)</script>"}'
        delivery_id = row.id
    page = left.owner.open(f"{left.at}/deliveries/{delivery_id}").text
    assert "What is sent, on every try the same" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
