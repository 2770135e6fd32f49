"""Column types every table shares."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, String
from sqlalchemy.types import TypeDecorator

from reviews_app.lib.sealed import Sealed

# 25,000,000 rupiah are 2,500,000,000 of the smallest unit: more than PostgreSQL's integer holds. SQLite's holds all.
Amount = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite would drop the zone and hand back a bare one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone may not be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SealedText(TypeDecorator[Sealed]):
    """A Sealed value in one binary column."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return orjson.dumps([value.key_id, value.last_four, value.ciphertext.decode("ascii")])

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        if value is None:
            return None
        key_id, last_four, ciphertext = orjson.loads(value)
        return Sealed(key_id=key_id, last_four=last_four, ciphertext=ciphertext.encode("ascii"))


class Word(TypeDecorator[Any]):
    """A StrEnum as plain text of at most 32 letters: a new member needs no migration."""

    impl = String(32)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self._members: Callable[[str], StrEnum] = members

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self._members(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self._members(value)
