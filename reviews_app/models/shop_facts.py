"""What all reports of a shop say together about one order or product.

Reports come twice, late and in any order. So they are not applied one after the other but merged: the merge gives the
same whatever the order, and a report merged twice changes nothing. Rows such as `Order` are drawn from the result.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

import orjson
from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned

NEWEST, FIRST, MOST = "newest", "first", "most"
# Of an order: whose it is, and the words of the buyer's consent. Blank once the buyer was erased.
PERSON, CONSENT = frozenset({"email", "name"}), "consent"
ERASED = "erased"
Known = dict[str, dict[str, Any]]


class FactsAbout(StrEnum):
    """What the facts are about."""

    ORDER = "order"
    PRODUCT = "product"


class ShopFacts(Identified, StoreOwned, Base):
    """The merged facts under the shop's own id, which may be known before there is anything to show."""

    __tablename__ = "shop_facts"
    __table_args__ = (UniqueConstraint("store_id", "about", "shop_id"),)

    about: Mapped[FactsAbout] = mapped_column(Word(FactsAbout))
    shop_id: Mapped[str]
    known: Mapped[Known] = mapped_column(JSON, default=dict)

    def learn(
        self,
        as_of: datetime,
        *,
        newest: dict[str, Any] | None = None,
        first: dict[str, datetime | None] | None = None,
        most: dict[str, int] | None = None,
    ) -> bool:
        """Merge one report; gives whether anything is known now that was not before.

        `newest`: of each value the one from the newest report stays, a value that is None says nothing.
        `first`: the earliest moment stays, so what has an end keeps it. `most`: the largest count stays.
        """
        stamp = _stamp(as_of)
        told = {name: value for name, value in (newest or {}).items() if value is not None}
        stamped = {name: [stamp, _nobodys(name, value) if self.is_erased else value] for name, value in told.items()}
        moments = {name: _stamp(at) for name, at in (first or {}).items() if at is not None}
        before = self.known or {}
        after = {
            NEWEST: _merged(before.get(NEWEST, {}), stamped, later=True),
            FIRST: _merged(before.get(FIRST, {}), moments, later=False),
            MOST: _merged(before.get(MOST, {}), most or {}, later=True),
        }
        changed = after != {NEWEST: {}, FIRST: {}, MOST: {}} | before
        if changed:
            self.known = after
        return changed

    @property
    def is_erased(self) -> bool:
        """Whether its person was: no later report brings a word of them back."""
        return bool((self.known or {}).get(MOST, {}).get(ERASED))

    def forget_person(self) -> None:
        """Blank who it is about and what they said, for good. That the person had been told of stays known."""
        before = self.known or {}
        newest = {name: [stamp, _nobodys(name, value)] for name, (stamp, value) in before.get(NEWEST, {}).items()}
        self.known = before | {NEWEST: newest, MOST: before.get(MOST, {}) | {ERASED: 1}}

    def newest(self, name: str) -> Any:
        """The newest value of that name, or None."""
        return self.known.get(NEWEST, {}).get(name, ["", None])[1]

    def newest_stamp(self, name: str) -> str:
        """When the newest value of that name was reported, as text that sorts; empty when none was."""
        return cast("str", self.known.get(NEWEST, {}).get(name, ["", None])[0])

    def moment(self, name: str) -> datetime | None:
        """The newest value of that name as a moment."""
        found = self.newest(name)
        return None if found is None else datetime.fromisoformat(found)

    def first(self, name: str) -> datetime | None:
        """The earliest moment of that name."""
        found = self.known.get(FIRST, {}).get(name)
        return None if found is None else datetime.fromisoformat(found)

    def most(self, name: str) -> int:
        """The largest count of that name, 0 when none came."""
        return int(self.known.get(MOST, {}).get(name, 0))

    def counts(self, start: str) -> dict[str, int]:
        """Every count whose name begins so."""
        return {name: count for name, count in self.known.get(MOST, {}).items() if name.startswith(start)}


def _nobodys(name: str, value: Any) -> Any:
    if name == CONSENT:
        basis, _words, at = value
        return [basis, "", at]
    return "" if name in PERSON else value


def _stamp(at: datetime) -> str:
    """Text that sorts as the moments do, whichever zone they were told in."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _merged(before: dict[str, Any], new: dict[str, Any], *, later: bool) -> dict[str, Any]:
    """Of each name the later or the earlier; between equal moments the value decides, never which came first."""
    merged = dict(before)
    for name, value in new.items():
        held = merged.get(name)
        if held is None or _wins(value, held, later=later):
            merged[name] = value
    return merged


def _wins(value: Any, held: Any, *, later: bool) -> bool:
    return _rank(value) > _rank(held) if later else _rank(value) < _rank(held)


def _rank(value: Any) -> tuple[Any, bytes]:
    if isinstance(value, list):
        return value[0], orjson.dumps(value[1], option=orjson.OPT_SORT_KEYS)
    return value, b""
