"""A table's lines as reports: one order or product may take several lines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reviews_app.integrations.csv_file.read import Row, read_table
from reviews_app.integrations.own_shop.order import order_report
from reviews_app.integrations.own_shop.product import product_report
from reviews_app.models.file_import import ImportKind
from reviews_app.models.order_report import MOST_LINES, OrderReport, Place, ProductReport, ReportRefused

MOST_PROBLEMS = 50
Report = OrderReport | ProductReport
Problem = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns belong to the whole, which to each part of it, and what the reports call them."""

    key: str
    needed: tuple[str, ...]
    whole: dict[str, str]
    list_name: str
    each: dict[str, str]
    read: Callable[..., Report]


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


SHAPES = {
    ImportKind.ORDERS: Shape(
        key="order_id",
        needed=("order_id", "email", "placed_at", "product_id"),
        whole={"order_id": "id", "consent_basis": "consent.basis", "consent_text": "consent.text"}
        | {"consent_at": "consent.at"}
        | _same("number", "email", "name", "country", "locale", "time_zone", "updated_at")
        | _same("placed_at", "fulfilled_at", "delivered_at", "cancelled_at"),
        list_name="lines",
        each={"line_id": "id", "product_title": "title"}
        | _same("product_id", "variant_id", "variant", "sku", "quantity", "refunded_quantity"),
        read=order_report,
    ),
    ImportKind.PRODUCTS: Shape(
        key="product_id",
        needed=("product_id", "title"),
        whole={"product_id": "id"} | _same("title", "handle", "description", "price", "currency", "updated_at"),
        list_name="variants",
        each={"variant_id": "id", "variant": "name", "sku": "sku"},
        read=product_report,
    ),
}


@dataclass(slots=True)
class ReadFile:
    """What a file says, each report with the line it begins on; with any problem, nothing of it is taken in."""

    items: list[tuple[int, Report]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    line_count: int = 0

    def note(self, line: int, words: str) -> None:
        """Count a problem, and keep the first fifty."""
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((line, words))


@dataclass(slots=True)
class _Group:
    """The lines of one order or product."""

    line: int
    whole: dict[str, tuple[int, str]] = field(default_factory=dict)
    parts: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def read_file(raw: bytes, kind: ImportKind, *, as_of: datetime, now: datetime, zone: ZoneInfo) -> ReadFile:
    """Read it whole. Raises FileRefused when it is no such table. `zone` is meant where a moment names none."""
    shape = SHAPES[kind]
    found = ReadFile()
    for group in _grouped(read_table(raw, needed=shape.needed), shape, found).values():
        try:
            report = shape.read(_values(group, shape), as_of=as_of, now=now, zone=zone)
        except ReportRefused as refused:
            for place, words in refused.problems:
                found.note(*_at(group, shape, place, words))
        else:
            found.items.append((group.line, report))
    found.problems.sort()
    return found


def check_head(raw: bytes, kind: ImportKind) -> None:
    """Raises FileRefused for what can be seen without reading it all."""
    read_table(raw, needed=SHAPES[kind].needed)


def _grouped(rows: Iterable[Row], shape: Shape, found: ReadFile) -> dict[str, _Group]:
    groups: dict[str, _Group] = {}
    for row in rows:
        found.line_count += 1
        key = row.cells.get(shape.key, "")
        if row.problem or not key:
            found.note(row.line, row.problem or f"{shape.key}: is needed")
            continue
        _add(groups.setdefault(key, _Group(row.line)), row, shape, found)
    return groups


def _add(group: _Group, row: Row, shape: Shape, found: ReadFile) -> None:
    for column in shape.whole.keys() & row.cells.keys():
        line, said = group.whole.setdefault(column, (row.line, row.cells[column]))
        if said != row.cells[column]:
            found.note(row.line, f"{column}: differs from line {line}, which is about the same {shape.key}")
    part = {shape.each[column]: row.cells[column] for column in shape.each.keys() & row.cells.keys()}
    # A product's line may name no variant; an order's always names what was bought.
    if part or shape.list_name == "lines":
        group.parts.append((row.line, part))
    if len(group.parts) == MOST_LINES + 1:
        found.note(row.line, f"More than {MOST_LINES} lines about one {shape.key}.")


def _values(group: _Group, shape: Shape) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, (_line, cell) in group.whole.items():
        outer, _, inner = shape.whole[column].partition(".")
        if inner:
            values.setdefault(outer, {})[inner] = cell
        else:
            values[outer] = cell
    if group.parts or shape.list_name == "lines":
        values[shape.list_name] = [part for _line, part in group.parts[:MOST_LINES]]
    return values


def _at(group: _Group, shape: Shape, place: Place, words: str) -> Problem:
    """The line and column a problem of a report came from."""
    if place[:1] == (shape.list_name,) and len(place) > 1 and isinstance(place[1], int):
        name = str(place[2]) if len(place) > 2 else ""
        column = next((column for column, inner in shape.each.items() if inner == name), name)
        return group.parts[place[1]][0], f"{column}: {words}"
    name = ".".join(str(part) for part in place)
    column = next((column for column, inner in shape.whole.items() if inner == name), name)
    return group.whole.get(column, (group.line, ""))[0], f"{column}: {words}" if column else words
