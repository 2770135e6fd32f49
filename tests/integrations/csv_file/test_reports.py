"""Lines of a table as orders and products: what belongs together, what contradicts, and where it stands."""

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.integrations.csv_file.read import FileRefused
from reviews_app.integrations.csv_file.reports import MOST_PROBLEMS, ReadFile, check_head, read_file
from reviews_app.models.file_import import ImportKind
from reviews_app.models.order import ConsentBasis
from reviews_app.models.order_report import MOST_LINES, Consent, OrderReport, ProductReport, ReportedVariant
from tests.fakes.clock import START

BERLIN = ZoneInfo("Europe/Berlin")
HEAD = "order_id,email,placed_at,product_id"
LINE = "a@example.com,2026-11-01"


def read(text: str, kind: ImportKind = ImportKind.ORDERS) -> ReadFile:
    return read_file(text.encode(), kind, as_of=START, now=START, zone=BERLIN)


def orders(text: str) -> list[OrderReport]:
    found = read(text)
    assert found.problems == []
    return [report for _line, report in found.items if isinstance(report, OrderReport)]


def products(text: str) -> list[ProductReport]:
    found = read(text, ImportKind.PRODUCTS)
    assert found.problems == []
    return [report for _line, report in found.items if isinstance(report, ProductReport)]


def test_lines_of_two_orders_may_lie_between_each_other() -> None:
    found = read(f"{HEAD}\n1,{LINE},p1\n2,{LINE},p2\n1,{LINE},p3\n2,{LINE},p4\n")
    assert [line for line, _report in found.items] == [2, 3]
    lines = [[one.product_id for one in report.lines or ()] for report in orders(f"{HEAD}\n1,{LINE},p1\n1,{LINE},p3\n")]
    assert lines == [["p1", "p3"]]
    assert found.line_count == 4


def test_a_cell_left_empty_on_later_lines_contradicts_nothing() -> None:
    report = orders(f"{HEAD},name\n1,{LINE},p1,Jon\n1,,,p2,\n")[0]
    assert (report.email, report.name, len(report.lines or ())) == ("a@example.com", "Jon", 2)


def test_what_only_a_later_line_says_counts_for_the_whole_order() -> None:
    assert orders(f"{HEAD},name\n1,{LINE},p1,\n1,{LINE},p2,Jon\n")[0].name == "Jon"


def test_lines_that_contradict_each_other_are_told_with_both_numbers() -> None:
    found = read(f"{HEAD}\n1,{LINE},p1\n\n1,b@example.com,2026-11-01,p2\n")
    assert found.problems == [(4, "email: differs from line 2, which is about the same order_id")]


def test_what_the_parts_say_may_differ() -> None:
    report = orders(f"{HEAD},quantity,sku\n1,{LINE},p1,2,A\n1,{LINE},p1,3,B\n")[0]
    assert [(one.quantity, one.sku) for one in report.lines or ()] == [(2, "A"), (3, "B")]


def test_consent_is_put_together_of_its_three_columns() -> None:
    head = f"{HEAD},consent_basis,consent_text,consent_at"
    report = orders(f"{head}\n1,{LINE},p1,opt_in,Yes please,2026-11-01T10:00\n")[0]
    assert report.consent == Consent(ConsentBasis.OPT_IN, "Yes please", datetime(2026, 11, 1, 9, tzinfo=UTC))
    assert orders(f"{head}\n1,{LINE},p1,,,\n")[0].consent is None


def test_proof_without_a_basis_is_told_at_the_basis() -> None:
    found = read(f"{HEAD},consent_basis,consent_text\n1,{LINE},p1,,Yes please\n")
    assert found.problems == [(2, "consent_basis: is needed")]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ("x,2026-11-01,p1,1", "email: is not one email address such as name@example.com"),
        ("a@example.com,01.11.2026,p1,1", 'placed_at: is no date and time such as "2026-11-23T14:05:00Z"'),
        ("a@example.com,2026-11-31,p1,1", "placed_at: is a day or time that does not exist"),
        ("a@example.com,2026-12-31,p1,1", "placed_at: lies in the future"),
        ("a@example.com,2026-11-01,,1", "product_id: is needed"),
    ],
)
def test_a_wrong_cell_is_told_by_the_name_of_its_column(cells: str, problem: str) -> None:
    assert read(f"{HEAD},quantity\n1,{cells}\n").problems == [(2, problem)]


@pytest.mark.parametrize("quantity", ["0", "-1", "100001", "two", "1.5"])
def test_a_quantity_nobody_buys_is_told_at_its_own_line(quantity: str) -> None:
    found = read(f"{HEAD},quantity\n1,{LINE},p1,1\n1,{LINE},p2,{quantity}\n")
    assert [(line, words.split(":")[0]) for line, words in found.problems] == [(3, "quantity")]


def test_a_line_without_the_key_is_told_and_the_others_are_read() -> None:
    found = read(f"{HEAD}\n,{LINE},p1\n2,{LINE},p2\n")
    assert found.problems == [(2, "order_id: is needed")]
    assert len(found.items) == 1


def test_problems_come_in_the_order_of_the_lines() -> None:
    found = read(f"{HEAD}\n1,{LINE},p1\n2,x,2026-11-01,p1\n1,b@example.com,2026-11-01,p1\n,{LINE},p1\n")
    assert [line for line, _words in found.problems] == [3, 4, 5]


def test_the_first_fifty_problems_are_kept_and_all_are_counted() -> None:
    lines = "".join(f",{LINE},p1\n" for _ in range(MOST_PROBLEMS + 1))
    found = read(f"{HEAD}\n{lines}")
    assert (len(found.problems), found.problem_count) == (MOST_PROBLEMS, MOST_PROBLEMS + 1)


def test_an_order_of_a_thousand_lines_fits_and_one_line_more_is_told_once() -> None:
    lines = "".join(f"1,{LINE},p{number}\n" for number in range(MOST_LINES))
    assert len(orders(f"{HEAD}\n{lines}")[0].lines or ()) == MOST_LINES
    found = read(f"{HEAD}\n{lines}1,{LINE},x\n1,{LINE},y\n")
    assert found.problems == [(MOST_LINES + 2, "More than 1000 lines about one order_id.")]


def test_products_may_come_with_kinds_or_without() -> None:
    head = "product_id,title,variant_id,variant,sku"
    plain, kinds = products(f"{head}\np1,Pack,,,\np2,Stove,v1,Red,S-R\np2,Stove,v2,Blue,S-B\n")
    assert plain.variants is None
    assert kinds.variants == (ReportedVariant("v1", "Red", "S-R"), ReportedVariant("v2", "Blue", "S-B"))


def test_a_kind_without_a_name_is_told_where_it_stands() -> None:
    found = read("product_id,title,variant_id,variant\np1,Pack,v1,Red\np1,Pack,v2,\n", ImportKind.PRODUCTS)
    assert found.problems == [(3, "variant: is needed")]


def test_two_titles_of_one_product_contradict() -> None:
    found = read("product_id,title\np1,Pack\np1,Stove\n", ImportKind.PRODUCTS)
    assert found.problems == [(3, "title: differs from line 2, which is about the same product_id")]


@pytest.mark.parametrize("head", ["product_id,title", "order_id,email,placed_at", "title", ""])
def test_what_can_be_seen_of_a_wrong_file_is_seen_before_it_is_kept(head: str) -> None:
    with pytest.raises(FileRefused):
        check_head(f"{head}\n1,2\n".encode(), ImportKind.ORDERS)


def test_a_head_in_any_capitals_and_order_is_the_right_one() -> None:
    check_head(b"Product ID;PLACED_AT;Email ;Order  Id\n", ImportKind.ORDERS)


def test_a_column_we_never_heard_of_is_left_alone() -> None:
    assert orders(f"{HEAD},weather,lines,refunds\n1,{LINE},p1,fair,x,y\n") == orders(f"{HEAD}\n1,{LINE},p1\n")


def test_a_table_below_nothing_but_line_ends_is_refused_in_words() -> None:
    with pytest.raises(FileRefused, match="Line 1 names the columns"):
        check_head(b"\n" * 150_000 + b"order_id;email;placed_at;product_id\n", ImportKind.ORDERS)


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cc", "Cf"]), max_size=8)


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.tuples(*[WORDS | st.sampled_from(["1", "p1", "a@example.com", "2026-11-01"])] * 4), max_size=6))
def test_any_table_gives_reports_or_problems_and_never_both_for_one_line(rows: list[tuple[str, ...]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD.split(","))
    writer.writerows(rows)
    found = read(file.getvalue())
    assert found.problem_count >= len(found.problems)
    taken = {line for line, _report in found.items}
    firsts = {line for line, words in found.problems if "differs" not in words}
    assert taken.isdisjoint(firsts)
