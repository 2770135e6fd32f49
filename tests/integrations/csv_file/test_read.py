import io
import zipfile
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.integrations.csv_file import read
from reviews_app.integrations.csv_file.read import FileRefused, read_table
from reviews_app.integrations.csv_file.reports import ReadFile, read_file
from reviews_app.models.file_import import ImportKind
from reviews_app.models.order import ConsentBasis
from reviews_app.models.order_report import OrderReport, ProductReport
from tests.fakes.clock import START

HEAD = "order_id,email,placed_at,product_id"


def orders(text: str | bytes, kind: ImportKind = ImportKind.ORDERS) -> ReadFile:
    raw = text.encode() if isinstance(text, str) else text
    return read_file(raw, kind, as_of=START, now=START, zone=ZoneInfo("Europe/Berlin"))


def one_order(text: str | bytes) -> OrderReport:
    found = orders(text)
    assert found.problems == []
    report = found.items[0][1]
    assert isinstance(report, OrderReport)
    return report


def refusal(raw: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        list(read_table(raw, needed=("a", "b")))
    return str(refused.value)


TABLE = "a,b\nMürßel,2\n"


@pytest.mark.parametrize(
    "raw",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("latin-1"),
        TABLE.replace(",", ";").encode("cp1252"),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
        b'"a","b"\n"M\xc3\xbcr\xc3\x9fel","2"',
        " A , B \n\n Mürßel , 2 \n\n\n".encode(),
    ],
)
def test_a_table_is_read_however_a_spreadsheet_wrote_it(raw: bytes) -> None:
    rows = list(read_table(raw, needed=("a", "b")))
    assert [row.cells for row in rows] == [{"a": "Mürßel", "b": "2"}]


def xlsx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty."),
        (b" \r\n\n", "The file is empty."),
        (xlsx(), "This is a spreadsheet, not a CSV file. Save it as CSV and send that."),
        (b"a,b\n\0,1", "The file holds bytes that are no text. Save it as CSV and send that."),
        (b"\xff\xfea", "The file says it is UTF-16, but it is not. Save it as CSV in UTF-8."),
        (b"a,c\n1,2", "Line 1 names the columns, and these are missing: b."),
        (b"a,b,A\n1,2,3", "Line 1 names the column a twice."),
        (b'"a,b\n1,2', "Line 1: A quote is opened here and never closed."),
        (b"x," * 1_000_000, "Line 1 names 1000001 columns. Is this the right file?"),
        ("🙂,b\n1,2".encode(), "Line 1 names the columns, and these are missing: a."),
    ],
)
def test_what_is_no_such_table_is_refused_in_words(raw: bytes, words: str) -> None:
    assert refusal(raw) == words


def test_a_file_over_twenty_megabytes_is_refused() -> None:
    assert "larger than 20 MB" in refusal(b"a,b\n" + b"x" * read.MOST_BYTES)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('1,"open\n2,3\n', (2, "A quote is opened here and never closed.")),
        ('1,"a"b\n', (2, "Something stands behind a closing quote. A quote within a text is written twice.")),
        ("1,2\n1,2,3\n", (3, "3 cells, but line 1 names 2 columns. Is a quote missing?")),
        ("1\n", (2, "1 cells, but line 1 names 2 columns. Is a quote missing?")),
        (f"1,{'x' * 60_000}\n", (2, "A cell holds more than 50000 letters. Is a quote missing?")),
    ],
)
def test_a_broken_line_is_told_with_its_number(lines: str, problem: tuple[int, str]) -> None:
    rows = [row for row in read_table(f"a,b\n{lines}".encode(), needed=("a",)) if row.problem]
    assert (rows[0].line, rows[0].problem) == problem


def test_more_lines_than_fit_are_told() -> None:
    rows = list(read_table(b"a,b\n" + b"1,2\n" * (read.MOST_LINES + 1), needed=("a",)))
    assert rows[-1].problem.startswith("More than 100000 lines.")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused_in_words(raw: bytes) -> None:
    try:
        found = orders(HEAD.encode() + b"\n" + raw)
    except FileRefused as refused:
        assert str(refused)
    else:
        assert len(found.items) + found.problem_count >= 0


def test_lines_of_one_order_are_one_order() -> None:
    head = f"{HEAD},line_id,product_title,quantity,number,country,consent_basis,consent_text"
    found = orders(
        f"{head}\n7,a@example.com,2026-11-20,p-1,l-1,Pack,2,#7,DE,opt_in,Ask me\n7,,,p-2,l-2,Mug,,,,,\n"
        "8,b@example.com,2026-11-20 14:05,p-1,,,,,,,\n"
    )
    assert (found.problems, found.line_count, [line for line, _ in found.items]) == ([], 3, [2, 4])
    first = found.items[0][1]
    assert isinstance(first, OrderReport)
    assert first.lines is not None
    assert [(one.shop_id, one.title, one.quantity) for one in first.lines] == [("l-1", "Pack", 2), ("l-2", "Mug", 1)]
    assert first.consent is not None
    assert (first.number, first.country_code, first.consent.basis) == ("#7", "DE", ConsentBasis.OPT_IN)


def test_a_moment_without_a_zone_is_the_stores() -> None:
    placed = one_order(f"{HEAD}\n7,a@example.com,2026-11-20 14:05,p\n").placed_at
    assert placed is not None
    assert placed.astimezone(UTC).isoformat() == "2026-11-20T13:05:00+00:00"
    assert str(one_order(f"{HEAD}\n7,a@example.com,2026-11-20T14:05Z,p\n").placed_at) == "2026-11-20 14:05:00+00:00"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",a@example.com,2026-11-20,p", "order_id: is needed"),
        ("7,nobody,2026-11-20,p", "email: is not one email address such as name@example.com"),
        ("7,a@example.com,20.11.2026,p", 'placed_at: is no date and time such as "2026-11-23T14:05:00Z"'),
        ("7,a@example.com,11/20/2026,p", 'placed_at: is no date and time such as "2026-11-23T14:05:00Z"'),
        ("7,a@example.com,2026-02-30,p", "placed_at: is a day or time that does not exist"),
        ("7,a@example.com,0001-01-01,p", "placed_at: lies before the year 2000"),
        ("7,a@example.com,2030-01-01,p", "placed_at: lies in the future"),
        ("7,a@example.com,2026-11-20,", "product_id: is needed"),
    ],
)
def test_a_problem_is_told_by_line_and_column(line: str, words: str) -> None:
    found = orders(f"{HEAD}\n6,a@example.com,2026-11-20,p\n{line}\n")
    assert (found.problems, found.problem_count) == ([(3, words)], 1)


def test_a_problem_of_a_later_line_of_an_order_is_told_at_that_line() -> None:
    found = orders(f'{HEAD},quantity\n7,a@example.com,2026-11-20,p,1\n7,b@example.com,,p,\n7,,,p,"2,5"\n')
    assert found.problems == [
        (3, "email: differs from line 2, which is about the same order_id"),
        (4, "quantity: Input should be a valid integer, unable to parse string as an integer"),
    ]


def test_only_the_first_fifty_problems_are_kept_and_all_are_counted() -> None:
    found = orders(HEAD + "\n" + ",x,y,z\n" * 80)
    assert (len(found.problems), found.problem_count) == (50, 80)


def test_products_come_with_their_variants() -> None:
    found = orders(
        "product_id;title;price;variant_id;variant\np-1;Pack;89,00;v-1;Moss\np-1;;;v-2;Clay\np-2;Mug;;;\n",
        ImportKind.PRODUCTS,
    )
    assert found.problems == []
    pack, mug = (report for _line, report in found.items)
    assert isinstance(pack, ProductReport)
    assert isinstance(mug, ProductReport)
    assert pack.variants is not None
    assert [(one.shop_id, one.name) for one in pack.variants] == [("v-1", "Moss"), ("v-2", "Clay")]
    assert (pack.price, mug.variants, mug.title) == ("89,00", None, "Mug")
