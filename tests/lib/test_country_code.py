import pytest

from reviews_app.lib.country_code import iso_country


@pytest.mark.parametrize(
    ("text", "code"),
    [("DE", "DE"), ("de", "DE"), ("UK", "GB"), ("uk", "GB"), ("GB", "GB"), ("EL", "GR"), ("gr", "GR"), ("XX", "XX")],
)
def test_a_country_has_one_code_however_it_is_written(text: str, code: str) -> None:
    assert iso_country(text) == code


@pytest.mark.parametrize("text", ["", "D", "DEU", "1A", "Ä ", "DE\n", " DE", "\0\0"])
def test_what_is_no_two_letters_is_no_country(text: str) -> None:
    assert iso_country(text) is None
