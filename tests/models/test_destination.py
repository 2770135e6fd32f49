"""A key and an address on trial stand beside the ones kept, until one of both is taken for good."""

from datetime import timedelta

import pytest

from reviews_app.lib.sealed import Keyring, Sealed
from reviews_app.models.destination import HOLDING, Destination, Mode
from tests.conftest import ENCRYPTION_KEY
from tests.fakes.clock import START

RING = Keyring((ENCRYPTION_KEY,))
OLD_URL, NEW_URL = "https://api.kustomer.com/v1/hooks/web/old", "https://api.kustomer.com/v1/hooks/web/new"


def sealed(secret: str) -> Sealed:
    return RING.seal(secret)


def a_hook(mode: Mode = Mode.ACTIVE) -> Destination:
    return Destination(mode=mode, api_key=sealed("the-old-key"), api_url=OLD_URL, next_key=None, next_url="")


def key_of(hook: Destination) -> str:
    assert hook.key_in_use is not None
    return RING.open(hook.key_in_use)


def test_what_goes_out_carries_the_key_that_is_kept() -> None:
    hook = a_hook()
    assert (key_of(hook), hook.url_in_use, hook.is_on_trial) == ("the-old-key", OLD_URL, False)


def test_a_key_on_trial_is_used_and_the_old_one_stays() -> None:
    hook = a_hook(Mode.NEEDS_ATTENTION)
    hook.try_out(sealed("the-new-key"), NEW_URL)
    assert (key_of(hook), hook.url_in_use, hook.is_on_trial) == ("the-new-key", NEW_URL, True)
    assert hook.api_key is not None
    assert (RING.open(hook.api_key), hook.api_url) == ("the-old-key", OLD_URL)


def test_a_second_trial_takes_the_place_of_the_first() -> None:
    hook = a_hook(Mode.NEEDS_ATTENTION)
    hook.try_out(sealed("the-new-key"), NEW_URL)
    hook.try_out(sealed("the-third-key"), OLD_URL)
    assert (key_of(hook), hook.url_in_use) == ("the-third-key", OLD_URL)


def test_a_trial_that_arrived_is_kept_and_over() -> None:
    hook = a_hook(Mode.NEEDS_ATTENTION)
    hook.try_out(sealed("the-new-key"), NEW_URL)
    hook.keep(hook.next_key, hook.next_url)
    assert (key_of(hook), hook.url_in_use, hook.is_on_trial) == ("the-new-key", NEW_URL, False)
    assert (hook.api_url, hook.next_url) == (NEW_URL, "")


def test_a_trial_that_failed_leaves_everything_as_it_was() -> None:
    hook = a_hook(Mode.NEEDS_ATTENTION)
    hook.try_out(sealed("the-new-key"), NEW_URL)
    hook.keep(hook.api_key, hook.api_url)
    assert (key_of(hook), hook.url_in_use, hook.is_on_trial) == ("the-old-key", OLD_URL, False)


def test_the_address_on_trial_counts_even_if_it_is_the_only_thing_new() -> None:
    hook = a_hook(Mode.NEEDS_ATTENTION)
    hook.try_out(sealed("the-old-key"), NEW_URL)
    assert hook.url_in_use == NEW_URL


def test_a_hook_without_any_key_sends_none() -> None:
    hook = Destination(mode=Mode.OFF, api_key=None, api_url="", next_key=None, next_url="")
    assert (hook.key_in_use, hook.url_in_use, hook.is_on_trial) == (None, "", False)


@pytest.mark.parametrize("mode", Mode)
def test_reviews_are_due_in_every_mode_but_off(mode: Mode) -> None:
    assert a_hook(mode).takes_new_reviews is (mode is not Mode.OFF)


def test_what_is_held_is_held_by_a_person_or_for_one() -> None:
    assert {Mode.OFF, Mode.PAUSED, Mode.NEEDS_ATTENTION} == HOLDING


@pytest.mark.parametrize(
    ("ago", "is_news"),
    [
        (timedelta(0), True),
        (timedelta(hours=23, minutes=59, seconds=59, microseconds=999_999), True),
        (timedelta(days=1), False),
        (timedelta(days=400), False),
    ],
)
def test_that_it_works_again_is_news_for_less_than_a_day(ago: timedelta, *, is_news: bool) -> None:
    hook = a_hook()
    hook.healed_at = START - ago
    assert hook.is_just_healed(START) is is_news


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.ACTIVE])
def test_nothing_works_again_while_it_does_not(mode: Mode) -> None:
    hook = a_hook(mode)
    hook.healed_at = START
    assert not hook.is_just_healed(START)


def test_a_hook_that_never_failed_has_no_good_news() -> None:
    assert not a_hook().is_just_healed(START)
