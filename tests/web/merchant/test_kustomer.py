import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from reviews_app.models.delivery import Delivery, DeliveryKind, DeliveryState
from reviews_app.models.destination import AttentionReason, Destination, Mode
from reviews_app.models.product import Product
from reviews_app.services.hold_destination import activate, needs_attention
from tests.factories.destination import API_KEY, HOOK, make_destination
from tests.factories.review import leave_review
from tests.fakes.visitor import errors, typed
from tests.web.merchant.conftest import House

OTHER_KEY = "another.key-of-kustomer.wxyz"
OFF: list[str] = []


def page_of(house: House) -> str:
    return f"{house.at}/settings/integrations/kustomer"


def destination(house: House) -> Destination:
    with house.rows() as rows:
        return rows.scalars(select(Destination)).one()


def connect(house: House, *, mode: Mode = Mode.ACTIVE, reviews: int = 0) -> None:
    with house.writing() as (writing, store):
        make_destination(writing, store, mode=mode)
        product = writing.scalars(select(Product)).one()
        for _ in range(reviews):
            leave_review(writing, store, product, clock=house.clock)


def test_switch_key_and_address_are_saved(house: House) -> None:
    answer = house.owner.send(page_of(house), enabled="y", api_key=f"  {API_KEY}\n", api_url=HOOK)
    assert answer.status_code == 303
    saved = destination(house)
    assert (saved.mode, saved.api_url) == (Mode.ACTIVE, HOOK)
    assert saved.api_key is not None
    assert house.keyring_opens(saved.api_key) == API_KEY


def test_the_key_is_in_no_page_after_it_was_saved(house: House) -> None:
    house.owner.send(page_of(house), enabled="y", api_key=API_KEY, api_url=HOOK)
    for page in (page_of(house), house.at, f"{house.at}/deliveries", f"{house.at}/settings"):
        text = house.owner.open(page).text
        assert API_KEY not in text
    assert f"ends in {API_KEY[-4:]}" in house.owner.open(page_of(house)).text


def test_a_refused_form_keeps_the_address_and_never_the_key(house: House) -> None:
    answer = house.owner.send(page_of(house), enabled="y", api_key=API_KEY, api_url="https://evil.example/x")
    assert answer.status_code == 422
    assert API_KEY not in answer.text
    assert typed(answer)["api_url"] == ["https://evil.example/x"]
    assert any("Paste the key once more" in words for words in errors(answer))
    assert any("kustomerapp.com" in words for words in errors(answer))


def test_an_empty_key_keeps_the_saved_one(house: House) -> None:
    connect(house)
    house.owner.send(page_of(house), api_key="", api_url=HOOK + "a")
    saved = destination(house)
    assert saved.api_url == HOOK + "a"
    assert saved.api_key is not None
    assert house.keyring_opens(saved.api_key) == API_KEY


def test_it_cannot_be_switched_on_without_a_key(house: House) -> None:
    answer = house.owner.send(page_of(house), enabled="y", api_url=HOOK)
    assert answer.status_code == 422
    assert errors(answer) == ["Paste the API key. Kustomer cannot be switched on without it."]
    with house.rows() as rows:
        assert rows.scalars(select(Destination)).all() == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://acme.api.kustomerapp.com/v1/hooks/web/abc",
        "https://acme.api.kustomerapp.com.evil.example/v1/hooks/web/abc",
        "https://kustomerapp.com@evil.example/v1/hooks/web/abc",
        "https://user:pass@acme.api.kustomerapp.com/v1/hooks/web/abc",
        "https://acme.api.kustomerapp.com/v1/hooks/form/abc",
        "https://acme.api.kustomerapp.com/v1/hooks/web/a/b/c",
        "https://acme.api.kustomerapp.com/v1/hooks/web/abc?x=1",
        "https://acme.api.kustomerapp.com/v1/hooks/web/abc#x",
        "https://acme.api.kustomerapp.com/v1/hooks/web/../abc",
        "https://acme.api.ku\uff53tomerapp.com/v1/hooks/web/abc",
        "https://acme.api.kustomerapp.com:8443/v1/hooks/web/abc",
        "http://127.0.0.1:8002/v1/hooks/web/abc",
        "http://localhost:8001/v1/hooks/web/abc",
        "javascript:alert(1)",
        "https://127.0.0.1/v1/hooks/web/abc",
        "https://2130706433/v1/hooks/web/abc",
        "https://0x7f.1/v1/hooks/web/abc",
        "https://0177.0.0.1/v1/hooks/web/abc",
        "https://[::1]/v1/hooks/web/abc",
        "https://[::ffff:169.254.169.254]/v1/hooks/web/abc",
        "https://notkustomerapp.com/v1/hooks/web/abc",
        "https://acme.api.kustomerapp.com.:443/v1/hooks/web/abc",
        "ftp://acme.api.kustomerapp.com/v1/hooks/web/abc",
        "https://acme.api.kustomerapp.com/v1/hooks/web/" + "a" * 5_000,
    ],
)
def test_an_address_that_is_no_hook_is_refused_at_its_field(house: House, url: str) -> None:
    answer = house.owner.send(page_of(house), enabled="y", api_key=API_KEY, api_url=url)
    assert answer.status_code == 422
    assert 'id="api_url-error"' in answer.text
    assert "Error:" in answer.text.partition("</title>")[0]
    with house.rows() as rows:
        assert rows.scalars(select(Destination)).all() == []


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.api.kustomerapp.com/v1/hooks/web/5e6daf9d2b1c4a0012ab34cd",
        "https://api.prod2.kustomerapp.com/v1/hooks/web/acme/5e6daf9d2b1c4a0012ab34cd",
    ],
)
def test_kustomers_own_addresses_are_kept_as_given(house: House, url: str) -> None:
    house.owner.send(page_of(house), enabled="y", api_key=API_KEY, api_url=url)
    assert destination(house).api_url == url


def test_a_key_with_blanks_inside_is_refused_in_words(house: House) -> None:
    answer = house.owner.send(page_of(house), enabled="y", api_key="one two", api_url=HOOK)
    assert errors(answer) == ["A key holds no blanks. Copy it once more from Kustomer."]


def test_without_the_forms_token_nothing_is_saved(house: House) -> None:
    answer = house.owner.client.post(page_of(house), data={"enabled": "y", "api_key": API_KEY, "api_url": HOOK})
    assert answer.status_code == 422
    assert API_KEY not in answer.text
    with house.rows() as rows:
        assert rows.scalars(select(Destination)).all() == []


def test_switched_off_it_keeps_key_and_address(house: House) -> None:
    connect(house)
    house.owner.send(page_of(house), enabled=OFF)
    saved = destination(house)
    assert (saved.mode, saved.api_url) == (Mode.OFF, HOOK)
    assert saved.api_key is not None


def test_it_says_how_many_reviews_kustomer_has_and_since_when(house: House) -> None:
    connect(house, reviews=2)
    with house.writing() as (writing, _store):
        first = writing.scalars(select(Delivery)).first()
        assert first is not None
        first.state = DeliveryState.DELIVERED
        writing.scalars(select(Destination)).one().last_delivered_at = house.clock()
    house.clock.advance(minutes=3)
    words = " ".join(house.owner.open(page_of(house)).text.split())
    assert (
        "On. Kustomer has 1 of 2 reviews, the last one 3 minutes ago, 1 on the way, the oldest for 3 minutes." in words
    )


def test_what_only_a_person_can_put_right_stands_on_top(house: House) -> None:
    connect(house, reviews=1)
    with house.writing() as (writing, _store):
        row = writing.scalars(select(Destination)).one()
        needs_attention(writing, row, AttentionReason.KEY, detail="Kustomer says: Expired token.", now=house.clock())
    for page in (page_of(house), house.at):
        assert "Kustomer says: Expired token." in house.owner.open(page).text
    words = " ".join(house.owner.open(page_of(house)).text.split())
    assert "Expired token. 1 review is held here and nothing is lost." in words


def test_a_new_key_tries_the_oldest_held_review_first(house: House) -> None:
    connect(house, reviews=2)
    with house.writing() as (writing, _store):
        row = writing.scalars(select(Destination)).one()
        needs_attention(writing, row, AttentionReason.KEY, detail="Expired token", now=house.clock())
    house.owner.send(page_of(house), api_key=OTHER_KEY)
    with house.rows() as rows:
        states = sorted(rows.scalars(select(Delivery.state)).all())
    assert states == [DeliveryState.HELD, DeliveryState.WAITING]
    assert destination(house).mode is Mode.NEEDS_ATTENTION


def test_a_test_review_is_a_row_and_leads_to_its_page(house: House) -> None:
    connect(house)
    answer = house.owner.send(page_of(house), at=f"{page_of(house)}/test")
    with house.rows() as rows:
        row = rows.scalars(select(Delivery)).one()
        assert (row.kind, row.test_email) == (DeliveryKind.TEST, "merchant@example.com")
    assert answer.location == f"{house.at}/deliveries/{row.id}"
    assert "Test from Larkspur: safe to delete" in house.owner.open(answer.location).text


def test_there_is_nothing_to_test_before_a_key_is_saved(house: House) -> None:
    answer = house.owner.send(page_of(house), at=f"{page_of(house)}/test")
    assert answer.location == page_of(house)
    assert "Save a key and an address first." in house.owner.open(page_of(house)).text


def test_past_reviews_are_sent_when_asked_and_only_once(house: House) -> None:
    connect(house, mode=Mode.OFF, reviews=3)
    house.owner.send(page_of(house), enabled="y")
    house.owner.send(page_of(house), at=f"{page_of(house)}/past", limit="2")
    house.owner.send(page_of(house), at=f"{page_of(house)}/past", limit="50")
    house.owner.send(page_of(house), at=f"{page_of(house)}/past", limit="50")
    with house.rows() as rows:
        assert len(rows.scalars(select(Delivery)).all()) == 3


@pytest.mark.parametrize("limit", ["", "0", "100001", "many", "9" * 400])
def test_an_unreasonable_number_of_past_reviews_sends_none(house: House, limit: str) -> None:
    connect(house, mode=Mode.OFF, reviews=1)
    house.owner.send(page_of(house), enabled="y")
    house.owner.send(page_of(house), at=f"{page_of(house)}/past", limit=limit)
    with house.rows() as rows:
        assert rows.scalars(select(Delivery)).all() == []


def press(house: House, want: str) -> str:
    house.owner.send(page_of(house), at=f"{page_of(house)}/pause", want=want)
    return " ".join(house.owner.open(page_of(house)).text.split())


def test_pause_holds_and_resume_sends(house: House) -> None:
    connect(house, reviews=1)
    assert "Paused. 1 held here, nothing is lost." in press(house, "pause")
    assert destination(house).mode is Mode.PAUSED
    assert "It goes on. What was held is on its way." in press(house, "resume")
    assert destination(house).mode is Mode.ACTIVE
    with house.rows() as rows:
        assert rows.scalars(select(Delivery.state)).all() == [DeliveryState.WAITING]


@pytest.mark.parametrize(
    ("want", "mode", "words"),
    [
        ("pause", Mode.PAUSED, "Paused. Reviews are kept and go out when you resume."),
        ("resume", Mode.ACTIVE, "Nothing is paused."),
    ],
)
def test_pause_or_resume_pressed_twice_is_the_same_as_once(house: House, want: str, mode: Mode, words: str) -> None:
    connect(house, mode=Mode.ACTIVE if want == "pause" else Mode.PAUSED, reviews=1)
    press(house, want)
    assert words in press(house, want)
    assert destination(house).mode is mode


def test_each_button_asks_for_what_it_says(house: House) -> None:
    connect(house)
    assert 'name="want" value="pause">Pause' in house.owner.open(page_of(house)).text
    press(house, "pause")
    assert 'name="want" value="resume">Resume' in house.owner.open(page_of(house)).text


@pytest.mark.parametrize("want", ["", "toggle", "PAUSE"])
def test_a_button_that_asks_for_nothing_changes_nothing_and_says_so(house: House, want: str) -> None:
    connect(house, mode=Mode.PAUSED, reviews=1)
    assert "Choose once more: pause, or resume." in press(house, want)
    assert destination(house).mode is Mode.PAUSED


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.NEEDS_ATTENTION])
@pytest.mark.parametrize("want", ["pause", "resume"])
def test_an_old_page_switches_nothing_on(house: House, want: str, mode: Mode) -> None:
    connect(house, mode=mode)
    press(house, want)
    assert destination(house).mode is (Mode.PAUSED if (want, mode) == ("pause", Mode.NEEDS_ATTENTION) else mode)


def test_past_reviews_asked_for_while_paused_are_said_to_be_held(house: House) -> None:
    connect(house, mode=Mode.OFF, reviews=2)
    house.owner.send(page_of(house), enabled="y")
    press(house, "pause")
    house.owner.send(page_of(house), at=f"{page_of(house)}/past", limit="2")
    assert "2 reviews are held until sending is resumed." in house.owner.open(page_of(house)).text


def test_the_example_names_the_stores_own_product(house: House) -> None:
    shown = re.search(r'id="example"[^>]*>(.*?)</textarea>', house.owner.open(page_of(house)).text, re.S)
    assert shown is not None
    event = json.loads(unescape(shown.group(1)))
    assert event["attributes"]["data"]["product"]["productName"] == "Ridge Daypack"


def test_integrations_says_whether_it_is_on(house: House) -> None:
    page = f"{house.at}/settings/integrations"
    before = house.owner.open(page).text
    connect(house)
    after = house.owner.open(page).text
    assert before.count("Off") == after.count("Off") + 1


def test_the_short_address_leads_to_the_only_store(house: House) -> None:
    assert house.owner.open("/merchant/settings/integrations/kustomer").location == page_of(house)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        (f"Authorization: Bearer {API_KEY}", "We took the key out of the header"),
        (f"authorization:bearer {API_KEY}\n", "We took the key out of the header"),
        (f"Bearer {API_KEY}", "We took the key out of the header"),
        (f"  {API_KEY}\t", "We cut the blanks off"),
    ],
)
def test_a_pasted_header_or_blanks_are_understood_and_said(house: House, pasted: str, said: str) -> None:
    house.owner.send(page_of(house), enabled="y", api_key=pasted, api_url=HOOK)
    saved = destination(house)
    assert saved.api_key is not None
    assert house.keyring_opens(saved.api_key) == API_KEY
    assert said in house.owner.open(page_of(house)).text


@pytest.mark.parametrize("pasted", ["Authorization: Bearer ", "two words", "with\nline", "k" * 10_000, "\u00fc"])
def test_what_is_no_key_is_refused_at_its_field_and_nothing_is_saved(house: House, pasted: str) -> None:
    answer = house.owner.send(page_of(house), enabled="y", api_key=pasted, api_url=HOOK)
    assert answer.status_code == 422
    assert len(errors(answer)) == 1
    with house.rows() as rows:
        assert rows.scalars(select(Destination)).all() == []


def switched_off_and_on(house: House, *, left: int) -> None:
    connect(house)
    house.owner.send(page_of(house), enabled=OFF)
    with house.writing() as (writing, store):
        product = writing.scalars(select(Product)).one()
        for _ in range(left):
            leave_review(writing, store, product, clock=house.clock)
    house.owner.send(page_of(house), enabled="y")


def count_deliveries(house: House) -> int:
    with house.rows() as rows:
        return len(rows.scalars(select(Delivery)).all())


def test_on_again_it_asks_what_becomes_of_the_reviews_left_meanwhile_and_sends_them(house: House) -> None:
    switched_off_and_on(house, left=3)
    assert "3 reviews came in while Kustomer was off." in house.owner.open(page_of(house)).text
    assert count_deliveries(house) == 0
    house.owner.send(page_of(house), at=f"{page_of(house)}/meanwhile", choice="send")
    assert count_deliveries(house) == 3
    assert "while Kustomer was off." not in house.owner.open(page_of(house)).text


def test_or_leaves_them_here_and_asks_no_more(house: House) -> None:
    switched_off_and_on(house, left=1)
    assert "1 review came in while Kustomer was off." in house.owner.open(page_of(house)).text
    house.owner.send(page_of(house), at=f"{page_of(house)}/meanwhile", choice="leave")
    assert "They stay here." in house.owner.open(page_of(house)).text
    assert count_deliveries(house) == 0
    house.owner.send(page_of(house), at=f"{page_of(house)}/meanwhile", choice="send")
    assert "That is settled already." in house.owner.open(page_of(house)).text
    assert count_deliveries(house) == 0


def test_an_unknown_choice_changes_nothing(house: House) -> None:
    switched_off_and_on(house, left=1)
    house.owner.send(page_of(house), at=f"{page_of(house)}/meanwhile", choice="burn")
    assert "1 review came in while Kustomer was off." in house.owner.open(page_of(house)).text


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        (AttentionReason.KEY, "It may have expired"),
        (AttentionReason.HOOK_GONE, "The hook it starts with was deleted"),
        (AttentionReason.REDIRECT, "sends us to another place"),
        (AttentionReason.ADDRESS_REFUSED, "inside a private network"),
        (AttentionReason.CERTIFICATE, "could not prove to be Kustomer"),
        (AttentionReason.REFUSED_BODY, "refused three different reviews"),
    ],
)
def test_each_trouble_says_what_to_do(house: House, reason: AttentionReason, advice: str) -> None:
    connect(house)
    with house.writing() as (writing, _store):
        found = writing.scalars(select(Destination)).one()
        needs_attention(writing, found, reason, detail="What Kustomer said.", now=house.clock())
    page = house.owner.open(page_of(house)).text
    assert "What Kustomer said." in page
    assert advice in page


def test_while_kustomer_is_down_the_page_says_so_and_that_nothing_is_to_be_done(house: House) -> None:
    connect(house, mode=Mode.THROTTLED, reviews=2)
    with house.writing() as (writing, _store):
        writing.scalars(select(Destination)).one().failing_since = house.clock()
    words = " ".join(house.owner.open(page_of(house)).text.split())
    assert "Kustomer has not been answering since" in words
    assert "Nothing is lost and there is nothing for you to do." in words


def test_before_past_reviews_start_the_page_says_how_many_and_how_fast(house: House) -> None:
    connect(house, mode=Mode.OFF, reviews=2)
    house.owner.send(page_of(house), enabled="y")
    words = " ".join(house.owner.open(page_of(house)).text.split())
    assert "2 reviews never went to Kustomer" in words
    assert "They go at most 960 a minute" in words


@pytest.mark.parametrize(
    "bad",
    [
        {"api_key": "two words", "api_url": HOOK},
        {"api_key": "k" * 10_000, "api_url": HOOK},
        {"api_key": "Authorization: Bearer", "api_url": HOOK},
        {"api_key": OTHER_KEY, "api_url": "https://user:pass@acme.api.kustomerapp.com/v1/hooks/web/abc"},
        {"api_key": OTHER_KEY, "api_url": "https://acme.api.kustomerapp.com:8443/v1/hooks/web/abc"},
        {"api_key": "", "api_url": ""},
    ],
)
def test_a_refused_form_changes_nothing_that_was_saved_and_sends_nothing(house: House, bad: dict[str, str]) -> None:
    connect(house, reviews=1)
    with house.writing() as (writing, _store):
        row = writing.scalars(select(Destination)).one()
        needs_attention(writing, row, AttentionReason.KEY, detail="Expired token", now=house.clock())
    answer = house.owner.send(page_of(house), enabled="y", **bad)
    assert answer.status_code == 422
    assert errors(answer)
    saved = destination(house)
    assert saved.api_key is not None
    assert (house.keyring_opens(saved.api_key), saved.api_url, saved.is_on_trial) == (API_KEY, HOOK, False)
    with house.rows() as rows:
        assert rows.scalars(select(Delivery.state)).all() == [DeliveryState.HELD]


def test_a_new_key_is_on_trial_until_a_review_arrived_with_it_and_the_page_says_so(house: House) -> None:
    connect(house, reviews=2)
    with house.writing() as (writing, _store):
        row = writing.scalars(select(Destination)).one()
        needs_attention(writing, row, AttentionReason.KEY, detail="Expired token", now=house.clock())
    house.owner.send(page_of(house), api_key=OTHER_KEY)
    page = house.owner.open(page_of(house)).text
    assert "Saved, and tried with one review first." in page
    assert "one review goes with the key that ends in wxyz" in page
    assert OTHER_KEY not in page
    saved = destination(house)
    assert saved.api_key is not None
    assert house.keyring_opens(saved.api_key) == API_KEY


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("Expired token", "has run out"),
        ("Token of pod prod1 used in pod prod2", "belongs to another region than the API URL"),
        ("IP address not allowed", "is locked to caller addresses"),
    ],
)
def test_what_kustomer_says_of_a_key_becomes_its_own_remedy(house: House, said: str, advice: str) -> None:
    connect(house)
    with house.writing() as (writing, _store):
        row = writing.scalars(select(Destination)).one()
        needs_attention(writing, row, AttentionReason.KEY, detail=f'It says: "{said}".', now=house.clock())
    page = house.owner.open(page_of(house)).text
    assert advice in page
    assert "The key that ends in <code>" + API_KEY[-4:] in page


def test_it_says_what_to_do_when_kustomer_has_them_and_nothing_appears_there(house: House) -> None:
    connect(house)
    page = house.owner.open(page_of(house)).text
    assert "also when no workflow stands behind the hook" in page


def test_for_a_day_after_it_is_healed_the_pages_say_so(house: House) -> None:
    connect(house)
    with house.writing() as (writing, _store):
        row = writing.scalars(select(Destination)).one()
        needs_attention(writing, row, AttentionReason.KEY, detail="Expired token", now=house.clock())
    for page in (page_of(house), house.at, f"{house.at}/deliveries"):
        assert "Expired token" in house.owner.open(page).text
    with house.writing() as (writing, _store):
        activate(writing, writing.scalars(select(Destination)).one(), now=house.clock())
    for page in (page_of(house), house.at):
        assert "Kustomer takes reviews again since 23 Nov, 13:00." in house.owner.open(page).text
    house.clock.advance(hours=25)
    for page in (page_of(house), house.at):
        assert "takes reviews again" not in house.owner.open(page).text


def test_deliveries_say_that_sending_is_paused(house: House) -> None:
    connect(house, mode=Mode.PAUSED)
    assert "Sending is paused." in house.owner.open(f"{house.at}/deliveries").text
