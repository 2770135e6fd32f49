"""Which key of an address opens a file that the public may not see, and until when."""

from datetime import timedelta

import pytest

from reviews_app.lib.viewing_key import viewing_key
from reviews_app.queries.media_viewing import Viewing
from tests.fakes.clock import START

SECRET = "s" * 22
HIDDEN = Viewing(is_ready=True, is_public=False, secret=SECRET)
NOW = int(START.timestamp())


def test_a_lasting_key_opens_for_good() -> None:
    assert HIDDEN.opens_to(viewing_key(SECRET), "", now=START)
    assert HIDDEN.opens_to(viewing_key(SECRET), "", now=START + timedelta(days=4000))


def test_a_lasting_key_ends_with_the_stores_term() -> None:
    held = Viewing(is_ready=True, is_public=False, secret=SECRET, lasting_until=START)
    assert held.opens_to(viewing_key(SECRET), "", now=START - timedelta(microseconds=1))
    assert not held.opens_to(viewing_key(SECRET), "", now=START)


def test_a_key_with_its_own_end_opens_until_then_whatever_the_stores_term() -> None:
    held = Viewing(is_ready=True, is_public=False, secret=SECRET, lasting_until=START - timedelta(days=9))
    key = viewing_key(SECRET, until=NOW + 1)
    assert held.opens_to(key, str(NOW + 1), now=START)
    assert not held.opens_to(key, str(NOW + 1), now=START + timedelta(seconds=1))


def test_nobody_lengthens_the_time_of_a_key() -> None:
    key = viewing_key(SECRET, until=NOW + 1)
    assert not HIDDEN.opens_to(key, str(NOW + 2), now=START)
    assert not HIDDEN.opens_to(key, "", now=START)
    assert not HIDDEN.opens_to(viewing_key(SECRET), str(NOW + 2), now=START)


@pytest.mark.parametrize(
    "until", [" ", "-1", "+9999999999", "9" * 12, "1e10", "٣" * 10, "0x1f", "9999999999.0", "\x00"]
)
def test_an_end_that_is_no_plain_number_opens_nothing(until: str) -> None:
    assert not HIDDEN.opens_to(viewing_key(SECRET, until=9_999_999_999), until, now=START)


def test_noughts_before_an_end_do_not_make_it_another() -> None:
    assert HIDDEN.opens_to(viewing_key(SECRET, until=NOW + 9), f"0{NOW + 9}", now=START)


@pytest.mark.parametrize(
    "key", ["", "x", "s" * 22, "k" * 65, "ü" * 22, viewing_key("t" * 22), viewing_key(SECRET) + "="]
)
def test_no_other_word_opens(key: str) -> None:
    assert not HIDDEN.opens_to(key, "", now=START)


def test_without_a_secret_nothing_opens() -> None:
    assert not Viewing(is_ready=True, is_public=True).opens_to(viewing_key(""), "", now=START)
