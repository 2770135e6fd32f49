"""Reads a table as spreadsheets write it: any of the usual letters and separators, nothing guessed silently."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 100_000
MOST_CELL = 50_000
MOST_COLUMNS = 200
SEPARATORS = ",;\t"
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class FileRefused(Exception):
    """The file as a whole is no such table; the words say why."""


class Lines(Protocol):
    """What `csv.reader` gives."""

    @property
    def line_num(self) -> int:
        """How many lines have been read."""

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """The filled cells of a line by column; `problem` when the line itself is broken."""

    line: int
    cells: dict[str, str]
    problem: str = ""


def read_table(raw: bytes, *, needed: tuple[str, ...]) -> Iterator[Row]:
    """Each line below the first. A row with a `problem` may be the last: what follows an open quote is not read.

    Raises FileRefused before the first row.
    """
    text = text_of(raw)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    names = _names(reader, needed)
    return _rows(reader, names)


def text_of(raw: bytes) -> str:
    """A file's words, in whatever letters a spreadsheet wrote them; raises FileRefused for what is no text."""
    if not raw.strip():
        raise FileRefused("The file is empty.")
    if len(raw) > MOST_BYTES:
        raise FileRefused("The file is larger than 20 MB. Split it and send the parts one after the other.")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused("This is a spreadsheet, not a CSV file. Save it as CSV and send that.")
    try:
        text = _decoded(raw)
    except UnicodeDecodeError:
        raise FileRefused("The file says it is UTF-16, but it is not. Save it as CSV in UTF-8.") from None
    if "\0" in text:
        raise FileRefused("The file holds bytes that are no text. Save it as CSV and send that.")
    return text


def _decoded(raw: bytes) -> str:
    """By its mark; else UTF-8; else what western spreadsheets write, where every byte has a meaning."""
    encoding = next((name for mark, name in BOMS if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-16":
            raise
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def separator_of(text: str) -> str:
    """Comma, semicolon or tab: whichever the first line holds most."""
    head = text.lstrip("\r\n")[:100_000].splitlines()[0] if text.strip() else ""
    return max(SEPARATORS, key=head.count)


def _names(reader: Lines, needed: tuple[str, ...]) -> list[str]:
    csv.field_size_limit(MOST_CELL)
    try:
        names = ["_".join(cell.strip().lower().split()) for cell in next(iter(reader), [])]
    except csv.Error as error:
        raise FileRefused(f"Line 1: {_words(error)}") from None
    if len(names) > MOST_COLUMNS:
        raise FileRefused(f"Line 1 names {len(names)} columns. Is this the right file?")
    missing = [name for name in needed if name not in names]
    doubled = next((name for name in names if name and names.count(name) > 1), None)
    if doubled is not None:
        raise FileRefused(f"Line 1 names the column {doubled} twice.")
    if missing:
        raise FileRefused(f"Line 1 names the columns, and these are missing: {', '.join(missing)}.")
    return names


def _rows(reader: Lines, names: list[str]) -> Iterator[Row]:
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, {}, _words(error))
            return
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_LINES:
            yield Row(line, {}, f"More than {MOST_LINES} lines. Split the file and send the parts one after the other.")
            return
        yield _row(line, cells, names)


def _row(line: int, cells: list[str], names: list[str]) -> Row:
    if len(cells) != len(names):
        return Row(line, {}, f"{len(cells)} cells, but line 1 names {len(names)} columns. Is a quote missing?")
    return Row(line, {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name and cell.strip()})


def _words(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return "A quote is opened here and never closed."
    if "field limit" in text:
        return f"A cell holds more than {MOST_CELL} letters. Is a quote missing?"
    if "expected after" in text:
        return "Something stands behind a closing quote. A quote within a text is written twice."
    return "This line cannot be read as CSV."
