import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from reviews_app.lib.ids import new_id
from reviews_app.models.mail_sender import MailSender
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.membership import StoreRole
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.product import Product
from reviews_app.models.request_rule import RequestRule, RequestWait
from reviews_app.models.review_request import Asking, ReviewRequest, ReviewRequestUse
from reviews_app.services.look_back import continue_look_backs
from reviews_app.services.plan_requests import plan_order
from reviews_app.services.send_due_requests import send_due_requests
from tests.factories.order import make_order
from tests.factories.request_rule import make_rule
from tests.factories.review import leave_review
from tests.fakes.clock import START
from tests.fakes.visitor import errors
from tests.web.merchant.conftest import House


def words(house: House, page: str) -> str:
    return " ".join(house.owner.open(f"{house.at}{page}").text.split())


def place(
    house: House, *, email: str = "anna@example.com", name: str = "Anna Lee", number: str = "#7", **facts: Any
) -> str:
    """An order that left yesterday, planned by a rule that is on; gives the id of its buyer."""
    with house.writing() as (writing, store):
        if writing.scalar(select(RequestRule).where(RequestRule.store_id == store.id)) is None:
            make_rule(writing, store)
        product = writing.scalars(select(Product).where(Product.store_id == store.id)).one()
        order = make_order(writing, store, product, email=email, name=name, number=number)
        values = {"country_code": "US", "time_zone": "Europe/Berlin", "fulfilled_at": START - timedelta(days=1)} | facts
        for field, value in values.items():
            setattr(order, field, value)
        writing.flush()
        plan_order(writing, store, order, now=house.clock())
        return str(order.customer_id)


def send(house: House) -> None:
    """The clock stands at the moment the newest plan is due."""
    with house.writing() as (writing, _store):
        house.clock.now = writing.scalars(select(PlannedMail.due_at).order_by(PlannedMail.due_at.desc())).all()[0]
        send_due_requests(writing, tools=house.tools)


def test_before_anything_the_page_says_that_requests_are_off(house: House) -> None:
    text = words(house, "/requests")
    assert "Requests are off." in text
    assert "Nothing is planned." in text


def test_what_is_planned_stands_with_its_moment_and_home_counts_tomorrow(house: House) -> None:
    place(house, fulfilled_at=START - timedelta(days=20))
    text = words(house, "/requests")
    assert 'Planned <span class="quiet number">1</span>' in text
    assert "Anna Lee" in text
    assert "24 Nov, 10:00" in text
    assert "1 request goes out tomorrow." in words(house, "")


def test_what_left_is_counted_as_far_as_it_came(house: House) -> None:
    place(house)
    send(house)
    assert 'Sent <span class="quiet number">1</span>' in words(house, "/requests?state=sent")
    assert "On its way" in words(house, "/requests?state=sent")
    with house.writing() as (writing, store):
        mail = writing.scalars(select(OutgoingMail)).one()
        mail.state, mail.sent_at = MailState.SENT, house.clock()
        request = writing.scalars(select(ReviewRequest)).one()
        request.started_at = house.clock()
    assert "Anna Lee" in words(house, "/requests?state=started")
    with house.writing() as (writing, store):
        review = leave_review(writing, store, writing.scalars(select(Product)).one(), clock=house.clock)
        use = ReviewRequestUse(
            store_id=store.id,
            request_id=writing.scalars(select(ReviewRequest.id)).one(),
            product_id=review.product_id,
            review_id=review.id,
            used_at=house.clock(),
        )
        writing.add(use)
    text = words(house, "/requests?state=reviewed")
    assert "100 %" in text
    assert "Sent 1" in text
    assert "Reviewed 1" in text
    assert 'class="chart-accent"' in text


def test_a_mail_that_came_back_says_what_the_server_said(house: House) -> None:
    place(house)
    send(house)
    with house.writing() as (writing, _store):
        mail = writing.scalars(select(OutgoingMail)).one()
        mail.state, mail.last_error = MailState.FAILED, "550 no such mailbox"
    assert "550 no such mailbox" in words(house, "/requests?state=bounced")


def test_a_mail_that_came_back_after_it_was_taken_is_told_wherever_somebody_looks(house: House) -> None:
    buyer = place(house)
    send(house)
    with house.writing() as (writing, _store):
        mail = writing.scalars(select(OutgoingMail)).one()
        mail.state, mail.sent_at, mail.bounced_at = MailState.SENT, house.clock(), house.clock()
        mail.last_error = "550 no such mailbox"
    listed = words(house, "/requests?state=bounced")
    assert 'Came back <span class="quiet number">1</span>' in listed
    assert listed.count("Came back") == 2
    for page in ("/requests?state=sent", f"/requests/people/{buyer}"):
        text = words(house, page)
        assert "550 no such mailbox" in text, page
        assert "came back" in text.lower(), page


def test_each_that_was_not_sent_has_its_reason(house: House) -> None:
    place(house, country_code="DE")
    text = words(house, "/requests?state=not_sent")
    assert "The country asks for a basis of consent, and the order came without one." in text


@pytest.mark.parametrize("question", ["anna@", "ANNA@EXAMPLE", "Lee", "#7", "7"])
def test_why_did_anna_not_get_a_mail(house: House, question: str) -> None:
    place(house, country_code="DE")
    text = house.owner.client.get(f"{house.at}/requests", query_string={"q": question}).text
    assert "Not sent. The country asks for a basis of consent" in " ".join(text.split())


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({}, "A mail is planned."),
        ({"fulfilled_at": None}, "Nothing is planned: the order has not left yet."),
        ({"fulfilled_at": START - timedelta(days=40)}, "the order left before requests were switched on."),
        ({"cancelled_at": START, "fulfilled_at": None}, "Nothing is planned: the order was cancelled."),
    ],
)
def test_every_order_has_an_answer(house: House, facts: dict[str, Any], answer: str) -> None:
    place(house, **facts)
    assert answer in words(house, "/requests?q=anna")


def test_with_requests_off_that_is_the_answer(house: House) -> None:
    with house.writing() as (writing, store):
        make_order(writing, store, writing.scalars(select(Product)).one())
    assert "Nothing is planned: requests are off." in words(house, "/requests?q=morgan")


@pytest.mark.parametrize("question", ["%", "_", "\\", "nobody@nowhere", "<script>", "a" * 400, "\u2028"])
def test_an_odd_question_finds_nobody_and_is_shown_as_text(house: House, question: str) -> None:
    place(house)
    answer = house.owner.client.get(f"{house.at}/requests", query_string={"q": question})
    assert answer.status_code == 200
    assert "<script>" not in answer.text.partition("<main")[2]
    assert "A mail is planned." not in answer.text


def test_one_person_stands_on_one_line_with_what_is_to_come(house: House) -> None:
    customer = place(house)
    send(house)
    text = words(house, f"/requests/people/{customer}")
    for line in ("Ordered", "Sent on its way", "Request: mail written", "Reminder planned", "to come"):
        assert line in text


def test_another_stores_buyer_is_nobodys(house: House, neighbour: House) -> None:
    customer = place(neighbour)
    assert house.owner.client.get(f"{house.at}/requests/people/{customer}").status_code == 404
    assert house.owner.client.get(f"{house.at}/requests/people/{new_id()}").status_code == 404
    assert "Anna Lee" not in words(house, "/requests?q=anna")


def test_one_button_stops_all_mail_and_lets_it_go_on(house: House) -> None:
    place(house, fulfilled_at=START - timedelta(days=20))
    house.owner.send(f"{house.at}/requests", at=f"{house.at}/requests/stop")
    assert "All mail that asks is stopped since" in words(house, "/requests")
    assert "All mail that asks for reviews is stopped." in words(house, "")
    send(house)
    with house.rows() as rows:
        assert rows.scalars(select(OutgoingMail)).all() == []
    house.owner.send(f"{house.at}/requests", at=f"{house.at}/requests/resume")
    send(house)
    with house.rows() as rows:
        assert len(rows.scalars(select(OutgoingMail)).all()) == 1


@pytest.mark.parametrize(
    "page",
    ["/requests", "/settings/requests", "/settings/requests/past", "/settings/emails", "/settings/emails/texts/de"],
)
def test_every_page_about_these_mails_stops_them_and_is_come_back_to(house: House, page: str) -> None:
    back = re.search(r'name="back" value="([\w-]+)"><button type="submit" class="button">Stop all', words(house, page))
    assert back is not None
    answer = house.owner.send(f"{house.at}{page}", at=f"{house.at}/requests/stop", back=back.group(1))
    assert answer.location == f"{house.at}{page}"
    assert "Let mail go on" in words(house, page)


def test_a_button_that_names_a_page_of_its_own_making_leads_to_the_requests(house: House) -> None:
    answer = house.owner.send(f"{house.at}/requests", at=f"{house.at}/requests/stop", back="//evil.example")
    assert answer.location == f"{house.at}/requests"


def test_a_viewer_sees_no_button_and_presses_none(house: House) -> None:
    viewer = house.visitor(StoreRole.VIEWER)
    assert "Stop all mail now" not in viewer.open(f"{house.at}/requests").text
    assert viewer.client.post(f"{house.at}/requests/stop").status_code == 403


def test_lists_go_on_by_key_and_show_each_once(house: House) -> None:
    for number in range(28):
        place(house, email=f"b{number}@example.com", name=f"Buyer {number:03d}.", number=f"#{number}")
    url, seen = f"{house.at}/requests", []
    while url:
        text = house.owner.open(url).text
        seen += [part.partition(".")[0] for part in text.split("Buyer ")[1:]]
        url = text.partition('<a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert sorted(seen) == [f"{number:03d}" for number in range(28)]


RULE = "/settings/requests"


def save(house: House, **changes: Any) -> TestResponse:
    return house.owner.send(f"{house.at}{RULE}", **changes)


def test_the_rule_opens_with_its_defaults_and_says_what_they_do(house: House) -> None:
    text = words(house, RULE)
    # The clock of the test stands on Monday, 23 November.
    assert "<strong>An order delivered today:</strong> mail Mon 7 Dec, reminder 14 Dec." in text
    assert "One that left today: mail Mon 14 Dec, for abroad Mon 21 Dec." in text


def test_a_saved_rule_is_kept_and_shown(house: House) -> None:
    save(house, is_on="y", days_after_delivery="10", hour="18", reminders="2", reminder_days="3", cooldown_days="0")
    with house.rows() as rows:
        rule = rows.scalars(select(RequestRule)).one()
        assert (rule.days_after_delivery, rule.hour, rule.reminders, rule.cooldown_days) == (10, 18, 2, 0)
        assert rule.on_since == house.clock()
    assert "mail Thu 3 Dec, reminder 6 Dec, another 9 Dec." in words(house, RULE)


def test_a_number_that_does_not_fit_is_told_at_its_field_and_nothing_changes(house: House) -> None:
    for field, typed in (("days_abroad", "soon"), ("reminder_days", "0"), ("link_days", "9999"), ("hour", "25")):
        answer = save(house, **{field: typed})
        assert answer.status_code == 422, field
        assert f'id="{field}-error"' in answer.text
    with house.rows() as rows:
        assert rows.scalars(select(RequestRule)).all() == []


def test_products_have_days_of_their_own(house: House) -> None:
    with house.rows() as rows:
        product = str(rows.scalars(select(Product.id)).one())
    save(house, **{"waits-0-product": product, "waits-0-days": "60"})
    with house.rows() as rows:
        assert [str(wait.product_id) for wait in rows.scalars(select(RequestWait))] == [product]
    refused = save(house, **{"waits-0-product": product, "waits-0-days": ""})
    assert refused.status_code == 422
    assert "This product needs its days" in refused.text
    save(house, **{"waits-0-product": ""})
    with house.rows() as rows:
        assert rows.scalars(select(RequestWait)).all() == []


def test_switched_off_what_was_planned_is_settled(house: House) -> None:
    place(house)
    save(house, is_on=[])
    assert "Requests, or this kind of mail, were switched off." in words(house, "/requests?state=not_sent")


def test_earlier_orders_are_shown_before_they_are_asked_for(house: House) -> None:
    for number in range(3):
        place(house, email=f"p{number}@example.com", number=f"#{number}", fulfilled_at=START - timedelta(days=40))
    place(house, email="de@example.com", country_code="DE", number="#8", fulfilled_at=START - timedelta(days=41))
    text = words(house, "/settings/requests/past?days=60&per_day=2")
    assert "3 people, in 2 days" in text
    assert "1 left out. The country asks for a basis of consent" in text
    house.owner.send(f"{house.at}/settings/requests/past?days=60&per_day=2", at=f"{house.at}/settings/requests/past")
    with house.writing() as (writing, _store):
        assert continue_look_backs(writing, now=house.clock()) == 4
        assert continue_look_backs(writing, now=house.clock()) == 0
    with house.rows() as rows:
        due = sorted(row.isoformat() for row in rows.scalars(select(PlannedMail.due_at)))
    assert due == ["2026-11-24T09:00:00+00:00", "2026-11-24T09:00:00+00:00", "2026-11-25T09:00:00+00:00"]


@pytest.mark.parametrize(
    ("is_stopped", "is_proven", "said"),
    [
        (False, True, "The first mails go out tomorrow."),
        (False, False, "None goes out before a test mail was received."),
        (True, True, "None goes out before you let mail go on."),
        (True, False, "None goes out before you let mail go on."),
    ],
)
def test_earlier_orders_promise_no_mail_that_is_held(
    house: House, is_stopped: bool, is_proven: bool, said: str
) -> None:
    place(house, fulfilled_at=START - timedelta(days=40))
    if is_stopped:
        house.owner.send(f"{house.at}/requests", at=f"{house.at}/requests/stop")
    if not is_proven:
        unprove(house)
    past = f"{house.at}/settings/requests/past"
    house.owner.send(f"{past}?days=60&per_day=2", at=past)
    assert f"They are being planned. {said}" in words(house, "/requests")


def test_only_the_newest_order_of_a_buyer_is_looked_back_at(house: House) -> None:
    for number, days in (("#1", 50), ("#2", 45), ("#3", 40)):
        place(house, number=number, fulfilled_at=START - timedelta(days=days))
    text = words(house, "/settings/requests/past?days=60&per_day=2")
    assert "1 person, in 1 day" in text
    assert ">#3<" in text


def test_looking_changes_nothing_and_odd_numbers_are_told(house: House) -> None:
    place(house, fulfilled_at=START - timedelta(days=40))
    for query, said in (
        ("days=0&per_day=1", ["Days back: from 1 to 730 days."]),
        ("days=x&per_day=1", ["Days back: type a whole number."]),
        ("days=60&per_day=0", ["Requests a day: from 1 to 5000."]),
        ("days=99999&per_day=5", ["Days back: from 1 to 730 days."]),
    ):
        answer = house.owner.client.get(f"{house.at}/settings/requests/past?{query}")
        assert (answer.status_code, errors(answer)) == (422, said)
    with house.rows() as rows:
        assert rows.scalars(select(PlannedMail)).all() == []
        assert rows.scalars(select(Order)).one().number == "#7"


@pytest.mark.parametrize("page", ["/requests", "/settings/requests", "/settings/requests/past"])
def test_until_a_test_mail_was_received_the_pages_say_so_and_lead_to_the_sender(house: House, page: str) -> None:
    said = "Requests start once a test mail was received. What is due until then waits; nothing is lost."
    text = words(house, page)
    assert said in text
    assert f'<a href="{house.at}/settings/emails">Send the test mail</a>' in text
    with house.writing() as (writing, store):
        make_rule(writing, store)
    assert said not in words(house, page)


@pytest.mark.parametrize("page", ["/settings/requests", "/settings/emails"])
@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ((), ""),
        (("postal_address",), "Requests name no postal address (many countries ask for one)."),
        (("reply_address",), "Requests name no address for answers."),
        (
            ("postal_address", "reply_address"),
            "Requests name no postal address (many countries ask for one) and no address for answers.",
        ),
    ],
)
def test_whose_mails_name_no_address_is_told_before_they_leave(
    house: House, page: str, lacking: tuple[str, ...], said: str
) -> None:
    with house.writing() as (_writing, store):
        for name in lacking:
            setattr(store, name, "")
    text = words(house, page)
    assert re.findall(r"Requests name [^<]*?\.", text) == ([said] if said else [])
    assert (f'<a href="{house.at}/settings#store">Say it in the settings</a>' in text) is bool(lacking)


def test_what_waits_for_the_test_mail_stays_planned_and_why_not_says_it(house: House) -> None:
    buyer = place(house)
    unprove(house)
    send(house)
    with house.rows() as rows:
        assert [(one.kind, one.state) for one in rows.scalars(select(PlannedMail))] == [
            (Asking.REQUEST, PlannedState.PLANNED)
        ]
        assert rows.scalars(select(OutgoingMail)).all() == []
    assert 'Planned <span class="quiet number">1</span>' in words(house, "/requests")
    text = house.owner.client.get(f"{house.at}/requests", query_string={"q": "anna@"}).text
    assert "Waits until a test mail was received. A mail is planned." in " ".join(text.split())
    assert "Requests start once a test mail was received." in words(house, f"/requests/people/{buyer}")


def test_a_request_sent_by_hand_needs_no_test_mail(house: House) -> None:
    place(house)
    unprove(house)
    with house.writing() as (writing, _store):
        order_id = writing.scalars(select(Order.id)).one()
    house.owner.send(f"{house.at}/orders", at=f"{house.at}/orders/{order_id}/request")
    assert "The request is on its way." in words(house, "/orders")


def unprove(house: House) -> None:
    with house.writing() as (writing, _store):
        writing.scalars(select(MailSender)).one().confirmed_at = None


def test_what_was_opened_shows_only_while_the_merchant_counts_it(house: House) -> None:
    buyer = place(house)
    send(house)
    with house.writing() as (writing, store):
        writing.scalars(select(ReviewRequest)).one().opened_at = house.clock()
    pages = ("/requests?state=sent", "/requests?state=opened", f"/requests/people/{buyer}")
    assert not any("opened" in words(house, page).lower() for page in pages)
    with house.writing() as (writing, store):
        writing.add(MailStyle(store_id=store.id, counts_opens=True))
    listed, opened, person = (words(house, page) for page in pages)
    assert "Request, opened <time" in listed
    assert 'Opened <span class="quiet number">1</span>' in listed
    assert "Anna Lee" in opened
    assert "Request: mail opened" in person


def test_an_unopened_mail_is_not_among_the_opened(house: House) -> None:
    place(house)
    send(house)
    with house.writing() as (writing, store):
        writing.add(MailStyle(store_id=store.id, counts_opens=True))
    text = words(house, "/requests?state=opened")
    assert 'Opened <span class="quiet number">0</span>' in text
    assert "No mail was seen to be opened." in text
    assert "Anna Lee" not in text
