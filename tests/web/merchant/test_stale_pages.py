"""A page whose token no longer fits, sent all the same: it says so, keeps what was typed, and changes nothing."""

import pytest

from tests.factories.member import PASSWORD
from tests.fakes.rows import changed, rows_of
from tests.fakes.visitor import Page, Visitor, typed
from tests.web.conftest import Street
from tests.web.merchant.conftest import House
from tests.web.merchant.test_accounts import EMAIL, RESET, SIGN_IN, reset_link

WORDS = "The page had been open for long, or cookies are off. Nothing is lost: send it once more."
WORDS_BESIDE_A_PASSWORD = "The page had been open for long, or cookies are off. Fill it in and send it once more."
# Small choices lead back to their page, which says what to do.
LED_BACK = ("/deliveries/again", "/meanwhile", "/past", "/pause")
STALE = {"csrf_token": "of-another-day"}


def test_every_form_of_the_dashboard_says_that_its_page_was_stale(street: Street) -> None:
    owner = street.member()
    before = rows_of(street.app)
    tried = 0
    for rule in street.rules("POST"):
        if not rule.startswith("/merchant/<store>/"):
            continue
        answer = owner.post(street.mine.address(rule), data=STALE)
        if answer.status_code == 303:
            assert rule.endswith(LED_BACK), rule
            assert "once more" in owner.get(answer.location).text, rule
        elif answer.status_code != 400:
            assert answer.status_code == 422, rule
            assert WORDS in answer.text, rule
            tried += 1
    assert tried > 15
    assert changed(before, rows_of(street.app)) == []


@pytest.mark.parametrize("page", ["/settings", "/products/ridge-daypack", "/settings/emails"])
def test_what_was_typed_stays_and_the_page_that_comes_back_can_be_sent(house: House, page: str) -> None:
    field = {"/settings": "name", "/products/ridge-daypack": "title", "/settings/emails": "accent"}[page]
    wanted = {"accent": "#335577"}.get(field, "A new name")
    refused = house.owner.send(f"{house.at}{page}", **STALE | {field: wanted})
    assert (refused.status_code, typed(refused)[field]) == (422, [wanted])
    again = house.owner.client.post(f"{house.at}{page}", data=typed(refused))
    assert again.status_code == 303
    assert typed(house.owner.open(f"{house.at}{page}"))[field] == [wanted]


def test_a_stale_kustomer_page_without_a_key_says_so_too(house: House) -> None:
    page = f"{house.at}/settings/integrations/kustomer"
    answer = house.owner.send(page, **STALE)
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "One thing needs another look" in answer.text


def test_a_page_with_a_wrong_field_and_a_fitting_token_does_not_speak_of_age(house: House) -> None:
    answer = house.owner.send(f"{house.at}/settings", name="")
    assert answer.status_code == 422
    assert "open for long" not in answer.text


def test_a_stale_sign_in_says_so_and_keeps_the_address(house: House) -> None:
    visitor = Visitor(house.app.test_client())
    answer = visitor.send(SIGN_IN, email=EMAIL, password=PASSWORD, **STALE)
    assert WORDS_BESIDE_A_PASSWORD in answer.text
    assert typed(answer)["email"] == [EMAIL]
    assert PASSWORD not in answer.text
    again = visitor.client.post(SIGN_IN, data=Page(answer.text).values | {"password": PASSWORD})
    assert again.status_code == 302


def test_a_stale_page_of_the_password_says_so(house: House) -> None:
    visitor = Visitor(house.app.test_client())
    assert WORDS_BESIDE_A_PASSWORD in visitor.send(RESET, email=EMAIL, **STALE).text
    visitor.send(RESET, email=EMAIL)
    link = reset_link(house.app)
    assert (
        WORDS_BESIDE_A_PASSWORD
        in visitor.send(link, password="another-long-one", password_confirm="another-long-one", **STALE).text
    )
    assert "open for long" not in visitor.open(SIGN_IN).text
