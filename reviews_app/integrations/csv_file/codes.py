"""Reads a file of coupon codes: one a line, or the column named `code` of a table."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from reviews_app.integrations.csv_file.read import FileRefused, separator_of, text_of

MOST_CODES = 20_000
LONGEST = 64
MOST_BYTES = 4 * 1024 * 1024
NAMES = frozenset({"code", "codes", "coupon", "coupon code", "discount code"})
SHOWN = 40
UNNAMED = "No column of this table is named code. Give that name to the one that holds them."


@dataclass(frozen=True, slots=True)
class CodesRead:
    """The codes in the file's order, each once, and how many lines repeated one."""

    codes: tuple[str, ...]
    repeated: int


def read_codes(raw: bytes) -> CodesRead:
    """Every code of a file. Raises FileRefused with the line number: one bad line, and nothing of it is taken."""
    if len(raw) > MOST_BYTES:
        raise FileRefused("The file is larger than 4 MB. Split it and send the parts one after the other.")
    by_key: dict[str, str] = {}
    count = 0
    for line, code in _cells(text_of(raw)):
        count += 1
        by_key.setdefault(_checked(code, line).casefold(), code)
        if len(by_key) > MOST_CODES:
            raise FileRefused(f"More than {MOST_CODES} codes. Split the file and send the parts one after the other.")
    if not by_key:
        raise FileRefused("The file holds no code.")
    return CodesRead(tuple(by_key.values()), count - len(by_key))


def _cells(text: str) -> Iterator[tuple[int, str]]:
    """The line and its code; empty lines and a line of names are none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    place, is_first = 0, True
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            names = [cell.strip().lower() for cell in cells]
            named = next((at for at, name in enumerate(names) if name in NAMES), None)
            if is_first and named is not None:
                place = named
            elif is_first and _is_of_names(names):
                raise FileRefused(f"Line {reader.line_num}: {UNNAMED}")
            else:
                yield reader.line_num, cells[place].strip() if place < len(cells) else ""
            is_first = False
    except csv.Error:
        raise FileRefused(f"Line {reader.line_num}: This line cannot be read.") from None


def _is_of_names(cells: list[str]) -> bool:
    """Whether a table's line tells its columns: a number stands somewhere in a line of codes and what they give."""
    return len(cells) > 1 and not any(letter.isdigit() for cell in cells for letter in cell)


def _checked(code: str, line: int) -> str:
    if not code:
        raise FileRefused(f"Line {line}: There is no code on it.")
    if len(code) > LONGEST:
        raise FileRefused(f"Line {line}: {code[:SHOWN]}… is longer than {LONGEST} letters. Is this the right file?")
    if any(unicodedata.category(letter)[0] in "CZ" for letter in code):
        raise FileRefused(f"Line {line}: A code holds letters and digits, no blank and no invisible character.")
    return code
