import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reviews_app.lib.ids import new_id
from reviews_app.lib.tokens import TOKEN_BYTES, new_token, token_hash

MANY = 5_000


def test_a_token_is_22_letters_fit_for_an_address() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", new_token()) for _ in range(200))


def test_a_token_carries_128_random_bits() -> None:
    assert TOKEN_BYTES * 8 == 128
    tokens = [new_token() for _ in range(MANY)]
    assert len(set(tokens)) == MANY
    # Each of the first 21 letters takes all 64 values: nothing in it is fixed.
    assert {len({token[place] for token in tokens}) for place in range(21)} == {64}


@given(st.text(max_size=80))
def test_any_text_from_an_address_has_a_hash_of_32_bytes(text: str) -> None:
    assert len(token_hash(text)) == 32
    assert token_hash(text) == token_hash(text)


@given(st.text(st.characters(), max_size=30))
def test_halves_of_letters_have_one_too(text: str) -> None:
    assert len(token_hash(text + "\ud800")) == 32


def test_a_hash_tells_nothing_and_differs_with_every_letter() -> None:
    token = new_token()
    changed = [token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(22)]
    assert token.encode() not in token_hash(token)
    assert len({token_hash(one) for one in [token, *changed]}) == 23


def test_ids_are_version_7_and_sort_by_their_birth() -> None:
    made = [new_id() for _ in range(MANY)]
    assert {one.version for one in made} == {7}
    assert made == sorted(made)
    assert [str(one) for one in made] == sorted(str(one) for one in made)


def test_an_id_tells_the_millisecond_of_its_birth() -> None:
    before = datetime.now(UTC)
    born = datetime.fromtimestamp((new_id().int >> 80) / 1000, UTC)
    assert before - timedelta(milliseconds=2) <= born <= datetime.now(UTC) + timedelta(milliseconds=2)


def test_ids_made_by_many_threads_at_once_are_all_different() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(), range(MANY)))
    assert len(set(made)) == MANY
