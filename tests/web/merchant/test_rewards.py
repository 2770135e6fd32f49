from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from reviews_app.models.coupon import Coupon, CouponCode
from reviews_app.models.membership import StoreRole
from reviews_app.models.reward import RewardState
from reviews_app.models.reward_terms import MailedWhen, RewardTerms
from reviews_app.services.add_codes import make_codes
from reviews_app.services.promise_reward import promise_reward
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.reward import FIVE_OFF, make_coupon, make_terms
from tests.fakes.visitor import errors, typed
from tests.web.merchant.conftest import House


def page(house: House) -> str:
    return house.owner.open(f"{house.at}/settings/rewards").text


def coupon_id(house: House, *codes: str, description: str = FIVE_OFF) -> str:
    with house.writing() as (writing, store):
        return str(make_coupon(writing, store, *codes, tools=house.tools, description=description).id)


def upload(house: House, coupon: str, raw: bytes, name: str = "codes.csv") -> TestResponse:
    at = f"{house.at}/settings/rewards/coupons/{coupon}/codes"
    return house.owner.send(f"{house.at}/settings/rewards", at=at, file=(BytesIO(raw), name))


def counted(house: House, table: type) -> int:
    with house.rows() as rows:
        return rows.scalar(select(func.count()).select_from(table)) or 0


def the_rule(house: House) -> RewardTerms:
    with house.rows() as rows:
        return rows.scalars(select(RewardTerms).order_by(RewardTerms.version.desc())).first()  # type: ignore[return-value]


def test_from_nothing_to_an_offer_in_three_steps(house: House) -> None:
    at = f"{house.at}/settings/rewards"
    assert "First add a coupon" in page(house)
    assert house.owner.send(at, at=f"{at}/coupons", description=f"{FIVE_OFF}. ").status_code == 303
    with house.rows() as rows:
        made = rows.scalars(select(Coupon)).one()
        assert made.description == FIVE_OFF
        coupon = str(made.id)
    assert upload(house, coupon, b"CODE-1\r\nCODE-2\r\n").status_code == 303
    assert "2 codes added." in page(house)
    values: dict[str, Any] = {"enabled": "y", "text": coupon, "doors": ["link", "button"], "mailed": "published"}
    assert house.owner.send(at, **values).status_code == 303
    rule = the_rule(house)
    assert (rule.is_on, rule.for_links, rule.for_button, rule.mailed) == (True, True, True, MailedWhen.PUBLISHED)
    shown = page(house)
    assert "Share your honest opinion, good or bad, and get $5 off your next order. Your rating" in shown
    assert "2 left, 0 given" in shown


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": ""}, "Choose a coupon"),
        ({"text": "00000000-0000-7000-8000-000000000000"}, "Choose a coupon"),
        ({"text": "<script>"}, "Choose a coupon"),
        ({"doors": []}, "Choose whose reviews"),
        ({"mailed": "never"}, "Choose when the code is mailed"),
    ],
)
def test_a_rule_that_gives_nothing_is_refused_in_words(house: House, values: dict[str, Any], words: str) -> None:
    good: dict[str, Any] = {"enabled": "y", "text": coupon_id(house, "A-1"), "doors": ["link"], "mailed": "submitted"}
    answer = house.owner.send(f"{house.at}/settings/rewards", **good | values)
    assert (answer.status_code, counted(house, RewardTerms)) == (422, 0)
    assert words in " ".join(errors(answer))
    assert "<title>Error:" in answer.text


def test_a_rule_names_no_stars(house: House) -> None:
    coupon_id(house, "A-1")
    names = set(typed(house.owner.open(f"{house.at}/settings/rewards")))
    assert not [name for name in names if "star" in name or "rating" in name]


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("", "Say what the coupon gives."),
        ("x" * 5000, "Up to 120 letters fit here. This is 4880 too long."),
        ("five\x00off", "character that cannot be shown"),
        (FIVE_OFF, "You have a coupon with these words."),
        (f" {FIVE_OFF}.", "You have a coupon with these words."),
    ],
)
def test_a_coupons_words_are_checked_and_kept(house: House, description: str, words: str) -> None:
    coupon_id(house)
    at = f"{house.at}/settings/rewards"
    answer = house.owner.send(at, at=f"{at}/coupons", description=description)
    assert (answer.status_code, counted(house, Coupon)) == (422, 1)
    assert words in errors(answer)[0]
    assert typed(answer)["description"] == [description.replace("\x00", "\ufffd")] or "\x00" in description


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "The file is empty."),
        (b"code\n", "The file holds no code."),
        (b"GOOD-1\nBA\x07D\n", "Line 2: A code holds letters and digits, no blank and no invisible character."),
        (b"GOOD-1\nTWO WORDS\n", "Line 2: A code holds letters and digits"),
        ("GOOD-1\nBAD\u200b-2\n".encode(), "Line 2: A code holds letters and digits"),
        (b"A" * 65, "is longer than 64 letters"),
        (b"GOOD\x00", "bytes that are no text"),
        (b"PK\x03\x04....", "This is a spreadsheet"),
        (b"A" * (4 * 1024 * 1024 + 1), "larger than 4 MB"),
        ("\n".join(f"C-{place}" for place in range(20_001)).encode(), "More than 20000 codes."),
    ],
)
def test_a_bad_file_of_codes_is_refused_with_its_line_and_nothing_is_taken(
    house: House, raw: bytes, words: str
) -> None:
    answer = upload(house, coupon_id(house), raw)
    assert (answer.status_code, counted(house, CouponCode)) == (422, 0)
    assert words in errors(answer)[0]


@pytest.mark.parametrize(
    ("form", "values"),
    [("coupons", {"description": ""}), ("coupons/{}/codes", {}), ("coupons/{}/make", {"count": "no", "prefix": ""})],
)
def test_another_form_refused_shows_the_rule_as_it_stands(house: House, form: str, values: dict[str, str]) -> None:
    at = f"{house.at}/settings/rewards"
    coupon = coupon_id(house, "A-1")
    rule: dict[str, Any] = {"enabled": "y", "text": coupon, "doors": ["link", "button"], "mailed": "published"}
    house.owner.send(at, **rule)
    answer = house.owner.send(at, at=f"{at}/{form.format(coupon)}", **values)
    assert answer.status_code == 422
    shown = typed(answer)
    assert {name: shown.get(name) for name in rule} == {
        "enabled": ["y"],
        "text": [coupon],
        "doors": ["link", "button"],
        "mailed": ["published"],
    }


def test_a_huge_request_is_refused_before_it_is_read(house: House) -> None:
    answer = upload(house, coupon_id(house), b"A" * (5 * 1024 * 1024))
    assert (answer.status_code, counted(house, CouponCode)) == (413, 0)
    assert "larger than 4 MB" in errors(answer)[0]


@pytest.mark.parametrize("raw", [b"name;code\nx;AA-1\ny;AA-2\n", "Discount code\r\nAA-1\r\nAA-2".encode("utf-16")])
def test_tables_and_other_letters_are_read_too(house: House, raw: bytes) -> None:
    assert upload(house, coupon_id(house), raw).status_code == 303
    assert counted(house, CouponCode) == 2


def test_duplicates_are_told_and_taken_once(house: House) -> None:
    coupon = coupon_id(house, "AA-1")
    upload(house, coupon, b"AA-1\naa-1\nAA-2\nAA-2\n")
    assert "1 code added. 1 you had already. 2 stood twice in the file." in page(house)
    assert counted(house, CouponCode) == 2


def test_codes_made_here_are_handed_over_once(house: House) -> None:
    at = f"{house.at}/settings/rewards"
    coupon = coupon_id(house)
    answer = house.owner.send(at, at=f"{at}/coupons/{coupon}/make", prefix="thanks", count="25")
    lines = answer.text.split()
    assert (answer.status_code, lines[0], len(set(lines[1:]))) == (200, "code", 25)
    assert all(line.startswith("THANKS-") for line in lines[1:])
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    shown = page(house)
    assert "25 codes made. The file is among your downloads: your shop has to take them in." in shown
    assert "25 left" in shown
    assert not [line for line in lines[1:] if line in page(house)]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"count": "0"}, "A number from 1 to 5000."),
        ({"count": "5001"}, "A number from 1 to 5000."),
        ({"count": "ten"}, "A number from 1 to 5000."),
        ({"count": "９"}, "A number from 1 to 5000."),
        ({"count": "9" * 400}, "A number from 1 to 5000."),
        ({"count": ""}, "Say how many"),
        ({"prefix": "a b"}, "Up to 20 letters, digits and hyphens."),
        ({"prefix": "x" * 21}, "Up to 20 letters, digits and hyphens."),
    ],
)
def test_codes_are_made_only_in_a_sane_number_and_shape(house: House, values: dict[str, str], words: str) -> None:
    at = f"{house.at}/settings/rewards"
    answer = house.owner.send(at, at=f"{at}/coupons/{coupon_id(house)}/make", **{"prefix": "A", "count": "5"} | values)
    assert (answer.status_code, counted(house, CouponCode)) == (422, 0)
    assert words in errors(answer)[0]


def test_made_codes_do_not_repeat() -> None:
    assert len(set(make_codes("A", 2000))) == 2000


def test_what_was_given_is_listed_with_its_state(house: House) -> None:
    with house.writing() as (writing, store):
        coupon = make_coupon(writing, store, "CODE-ONE-1111", tools=house.tools)
        terms = make_terms(writing, store, coupon, tools=house.tools)
        product = make_product(writing, store, "stove")
        for proven in (True, True, False):
            review = leave_review(writing, store, product, clock=house.clock, name="Ann Lee")
            promise_reward(writing, review, terms, is_proven=proven, page_language="en", tools=house.tools)
        last = review.id
    shown = page(house)
    assert [words in shown for words in ("Code mailed", "Owed", "Waits for their address")] == [True] * 3
    assert "1 code of “$5 off your next order” is owed and none is left." in shown
    assert "CODE-ONE" not in shown
    listed = house.owner.open(f"{house.at}/reviews/{last}").text
    assert "The code waits until its address is confirmed by mail." in listed


def test_a_pool_that_runs_low_is_told_on_the_page(house: House) -> None:
    with house.writing() as (writing, store):
        make_terms(writing, store, make_coupon(writing, store, "A-1", "A-2", tools=house.tools), tools=house.tools)
    assert "2 codes of “$5 off your next order” are left. Add codes before they run out." in page(house)


@pytest.mark.parametrize("role", [StoreRole.VIEWER, StoreRole.MODERATOR])
def test_only_a_manager_sees_rewards(house: House, role: StoreRole) -> None:
    visitor = house.visitor(role)
    assert visitor.open(f"{house.at}/settings/rewards").status_code == 403
    assert "Coupons for reviews" not in visitor.open(f"{house.at}/settings").text


def test_another_stores_coupon_is_not_there(house: House, neighbour: House) -> None:
    theirs = coupon_id(neighbour, "THEIRS-1")
    assert upload(house, theirs, b"MINE-1").status_code == 404
    at = f"{house.at}/settings/rewards"
    values: dict[str, Any] = {"enabled": "y", "text": theirs, "doors": ["link"], "mailed": "submitted"}
    coupon_id(house, "MINE-2", description="Mine")
    assert house.owner.send(at, **values).status_code == 422
    assert RewardState.OWED not in page(house)
