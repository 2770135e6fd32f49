"""What a column keeps comes back as it was, and what it cannot keep is refused before it is written."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from reviews_app.lib.column_types import SealedText, UtcDateTime, Word
from reviews_app.lib.sealed import Keyring, Sealed
from reviews_app.models.review import ReviewState
from tests.conftest import ENCRYPTION_KEY
from tests.fakes.clock import START

DIALECTS = [create_engine(url).dialect for url in ("postgresql+psycopg://", "sqlite://")]
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=OFFSETS)  # noqa: DTZ001


@settings(deadline=None, max_examples=60)
@given(at=MOMENTS)
def test_a_moment_of_any_zone_is_kept_as_the_same_moment_in_utc(at: datetime) -> None:
    column = UtcDateTime()
    for dialect in DIALECTS:
        kept = column.process_bind_param(at, dialect)
        assert kept is not None
        assert (kept, kept.tzinfo) == (at, UTC)
        bare = kept.replace(tzinfo=None)
        for given_back in (kept, bare, kept.astimezone(timezone(timedelta(hours=9)))):
            read = column.process_result_value(given_back, dialect)
            assert read is not None
            assert (read, read.tzinfo) == (at, UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().process_bind_param(START.replace(tzinfo=None), DIALECTS[0])


def test_nothing_is_kept_as_nothing() -> None:
    for column in (UtcDateTime(), SealedText(), Word(ReviewState)):
        assert column.process_bind_param(None, DIALECTS[0]) is None
        assert column.process_result_value(None, DIALECTS[0]) is None


@settings(deadline=None, max_examples=30)
@given(secret=st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_sealed_secret_comes_back_sealed_and_opens(secret: str) -> None:
    ring, column = Keyring((ENCRYPTION_KEY,)), SealedText()
    sealed = ring.seal(secret)
    kept = column.process_bind_param(sealed, DIALECTS[0])
    assert kept is not None
    read = column.process_result_value(kept, DIALECTS[0])
    assert isinstance(read, Sealed)
    assert (read, ring.open(read)) == (sealed, secret)


@pytest.mark.parametrize("state", ReviewState)
def test_a_word_is_kept_as_plain_text_and_comes_back_as_its_member(state: ReviewState) -> None:
    column = Word(ReviewState)
    for given_word in (state, str(state)):
        kept = column.process_bind_param(given_word, DIALECTS[0])
        assert type(kept) is str
        assert column.process_result_value(kept, DIALECTS[0]) is state


@pytest.mark.parametrize("word", ["", "Published", "published ", "gone"])
def test_a_word_that_is_none_of_the_members_is_neither_kept_nor_read(word: str) -> None:
    column = Word(ReviewState)
    with pytest.raises(ValueError, match="ReviewState"):
        column.process_bind_param(word, DIALECTS[0])
    with pytest.raises(ValueError, match="ReviewState"):
        column.process_result_value(word, DIALECTS[0])


def test_a_word_of_another_list_is_refused_even_if_it_is_spelled_alike() -> None:
    class Other(StrEnum):
        GONE = "gone"

    with pytest.raises(ValueError, match="ReviewState"):
        Word(ReviewState).process_bind_param(Other.GONE, DIALECTS[0])
