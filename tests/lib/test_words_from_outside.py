import pytest

from reviews_app.lib.email_address import plain_email
from reviews_app.lib.handle import handle_of
from reviews_app.lib.money import minor_digits, minor_units, plain_amount
from reviews_app.lib.plain_text import one_line, plain_paragraphs


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Morgan   Reed ", "Morgan Reed"),
        ("Morgan\r\nBcc: everybody@example.com", "Morgan Bcc: everybody@example.com"),
        ("Mor\0gan\u2028Reed\ud800", "Mor gan Reed"),
        ("Mor\ufffegan\ufdd0\U0010ffffReed\uffff", "Mor gan Reed"),
        ("\ufdcf\ufdf0\ufffd \U0001fffd", "\ufdcf\ufdf0\ufffd \U0001fffd"),
        ("\u202enagroM", "nagroM"),
        ("Zoe\u0308", "Zoë"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_is_one_line_that_can_be_kept(given: str, kept: str) -> None:
    assert one_line(given, most=200) == kept


def test_a_description_loses_its_tags_and_keeps_its_lines() -> None:
    markup = "<p>A pack.</p><ul><li>Light</li><li>Dry <script>alert(1)</script></li></ul>\r\nEnd < 3 kg"
    assert plain_paragraphs(markup, most=100) == "A pack.\nLight\nDry\nalert(1)\nEnd < 3 kg"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "morgan",
        "a@b@c.example",
        "a@example.com, b@example.com",
        "Morgan <a@example.com>",
        "a@e.com\nBcc: x",
        "a" * 250 + "@example.com",
        "a @example.com",
    ],
)
def test_what_is_not_one_address_is_none(text: str) -> None:
    assert plain_email(text) is None


def test_an_address_loses_only_its_blanks() -> None:
    assert plain_email(" Morgan.Reed+shop@Example.com\t") == "Morgan.Reed+shop@Example.com"


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("89.00", "USD", 8900),
        ("89,5", "EUR", 8950),
        ("8900", "JPY", 8900),
        ("1.234", "KWD", 1234),
        ("", "USD", None),
        ("-1", "USD", None),
        ("NaN", "USD", None),
        ("1e99", "USD", None),
        ("Infinity", "USD", None),
    ],
)
def test_amounts_are_whole_numbers_of_the_smallest_unit(amount: str, currency: str, units: int | None) -> None:
    assert minor_units(amount, currency) == units


@pytest.mark.parametrize("currency", ["USD", "JPY", "KRW", "VND", "ISK", "KWD", "CLF", "CLP", "HUF"])
def test_an_amount_is_told_as_it_was_stored(currency: str) -> None:
    told = plain_amount(8900, currency)
    assert minor_units(str(told), currency) == 8900
    assert -int(told.as_tuple().exponent) == minor_digits(currency)


def test_a_name_becomes_an_address() -> None:
    assert handle_of("Héron Étui, 2 l") == "heron-etui-2-l"
    assert handle_of("山のバックパック") == "product"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Light &amp; dry.</p><p>Two <b>straps</b>.</p>", "Light & dry.\nTwo straps."),
        ('A <a href="/care">care\nguide</a>, 3&nbsp;pages', "A care\nguide, 3 pages"),
        ("One<br>Two<BR/>Three", "One\nTwo\nThree"),
        ("<SPAN class='x'>Warm</SPAN>er", "Warmer"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("a&#0;b&#x202e;c", "a�b c"),
        ("<body>Whole</body><section>page</section>", "Whole\npage"),
    ],
)
def test_a_description_reads_as_the_shop_shows_it(markup: str, text: str) -> None:
    assert plain_paragraphs(markup, most=200) == text
