"""A file of coupon codes: one a line, or one column of a table; one bad line, and nothing of it is taken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.integrations.csv_file import codes
from reviews_app.integrations.csv_file.codes import LONGEST, MOST_BYTES, MOST_CODES, CodesRead, read_codes
from reviews_app.integrations.csv_file.read import FileRefused


def read(text: str | bytes) -> tuple[str, ...]:
    return read_codes(text.encode() if isinstance(text, str) else text).codes


def refusal(text: str | bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read(text)
    return str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "AAA\nBBB\n",
        "AAA\r\nBBB",
        "AAA\rBBB\r",
        "\n\n  AAA  \n\n\tBBB\n   \n",
        "code\nAAA\nBBB\n",
        " Coupon Code \nAAA\nBBB",
        '"AAA"\n"BBB"\n',
        "value,code\n5,AAA\n5,BBB\n",
        "value;DISCOUNT CODE;note\n5;AAA;x\n5;BBB;\n",
        "code\tvalue\nAAA\t5\nBBB\t5",
        "AAA,5\nBBB,6\n",
        "\ufeffcode\nAAA\nBBB\n",
        "AAA\nBBB\n".encode("utf-16"),
        "code\nAAA\nBBB".encode("utf-16-be").join([b"\xfe\xff", b""]),
    ],
)
def test_codes_are_read_however_a_shop_wrote_them_down(text: str | bytes) -> None:
    assert read(text) == ("AAA", "BBB")


def test_codes_keep_their_order_and_their_letters() -> None:
    assert read("zeta\nAlpha\nmid-5%\nSÜSS\n割引\n🎁5\n") == ("zeta", "Alpha", "mid-5%", "SÜSS", "割引", "🎁5")


def test_a_repeated_code_is_one_and_is_counted_whatever_its_capitals() -> None:
    found = read_codes("Save5\nSAVE5\nsave5\nOTHER\nstraße\nSTRASSE\n".encode())
    assert found == CodesRead(("Save5", "OTHER", "straße"), 3)


def test_a_name_of_the_column_further_down_is_a_code() -> None:
    assert read("AAA\ncode\n") == ("AAA", "code")


def test_of_two_columns_that_could_be_it_the_first_is() -> None:
    assert read("coupon,code\nAAA,x\nBBB,y\n") == ("AAA", "BBB")


@pytest.mark.parametrize("text", ["name;value\nAAA;5\n", "voucher,gives\nAAA,5", "\n\nCoupon_Code\tAmount\nAAA\t5"])
def test_the_names_of_columns_become_no_code_that_a_buyer_is_sent(text: str) -> None:
    line = text[: text.index("5")].count("\n")
    assert refusal(text) == f"Line {line}: {codes.UNNAMED}"


@pytest.mark.parametrize("text", ["code\n", "code", "\n\ncode\n\n", "\ufeffcode\n"])
def test_a_file_of_names_alone_holds_no_code(text: str) -> None:
    assert refusal(text) == "The file holds no code."


@pytest.mark.parametrize("text", ["", "  \n ", "\r\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert refusal(text) == "The file is empty."


@pytest.mark.parametrize(
    ("text", "line"), [("value,code\n5,AAA\n5,\n", 3), ("value,code\n5\n", 2), ("value,code\n\n\n5,  \n", 4)]
)
def test_a_line_without_its_code_is_told_with_its_number(text: str, line: int) -> None:
    assert refusal(text) == f"Line {line}: There is no code on it."


@pytest.mark.parametrize(
    "text", ["A A", "A\u00a0A", "A\u200bA", "A\u202eA", "A\u0007A", "A\ue000A", "\u2066A", "A\u3000A"]
)
def test_a_blank_or_an_invisible_letter_is_in_no_code(text: str) -> None:
    assert refusal(f"AAA\n{text}\n") == (
        "Line 2: A code holds letters and digits, no blank and no invisible character."
    )


def test_a_code_of_the_longest_length_fits_and_one_letter_more_does_not() -> None:
    assert read("x" * LONGEST) == ("x" * LONGEST,)
    words = refusal("AAA\n" + "x" * (LONGEST + 1))
    assert words == f"Line 2: {'x' * 40}… is longer than 64 letters. Is this the right file?"


def test_a_wrong_file_is_not_repeated_at_length() -> None:
    assert len(refusal("x" * 200_000)) < 120


def test_so_many_codes_fit_and_one_more_does_not() -> None:
    most = "\n".join(f"C{number}" for number in range(MOST_CODES))
    assert len(read(most)) == MOST_CODES
    assert len(read(f"{most}\nc0")) == MOST_CODES
    assert refusal(f"{most}\nONE-MORE").startswith("More than 20000 codes.")


def test_so_many_bytes_fit_and_one_more_does_not() -> None:
    assert refusal(b"A" + b" " * MOST_BYTES) == (
        "The file is larger than 4 MB. Split it and send the parts one after the other."
    )
    assert read((b"A" + b" " * 8190 + b"\n") * (MOST_BYTES // 8192)) == ("A",)


@pytest.mark.parametrize("raw", [b"AAA\n\x00\n", b"PK\x03\x04AAA", b"\xff\xfeA"])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    assert "CSV" in refusal(raw)


def test_a_file_that_begins_with_nothing_but_line_ends_is_read_to_its_codes() -> None:
    assert read("\n" * 150_000 + "AAA;5\nBBB;6\n") == ("AAA", "BBB")


def test_a_cell_without_an_end_is_told_with_its_line() -> None:
    assert refusal('AAA\n"' + "x\n" * 200_000).startswith("Line ")


@settings(deadline=None, max_examples=60)
@given(raw=st.binary(max_size=60) | st.text('aA,;\t\n\r" \u00e9\u200b0', max_size=40).map(str.encode))
def test_any_bytes_are_codes_or_refused_in_words(raw: bytes) -> None:
    try:
        found = read_codes(raw)
    except FileRefused as refused:
        assert str(refused)
    else:
        assert found.codes
        assert len({one.casefold() for one in found.codes}) == len(found.codes)
        assert all(one == one.strip() and len(one) <= codes.LONGEST for one in found.codes)


@settings(deadline=None, max_examples=40)
@given(given_codes=st.lists(st.from_regex(r"[A-Z0-9]{4,12}", fullmatch=True), min_size=1, max_size=30, unique=True))
def test_codes_written_one_a_line_come_back_as_they_were(given_codes: list[str]) -> None:
    assert read_codes("\r\n".join(given_codes).encode()) == CodesRead(tuple(given_codes), 0)
