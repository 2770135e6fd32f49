"""Where asking for a review needs a basis, and which bases are one."""

import re

import pytest

from reviews_app.models.consent_law import law_of, may_ask
from reviews_app.models.order import ConsentBasis

CODES = "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEISITLILTLULVMTNLNOPLPTROSESISK"
EEA = re.findall("..", CODES)


@pytest.mark.parametrize("country", [*EEA, "CH", "GB"])
def test_in_the_union_and_beside_it_nobody_is_asked_without_a_basis(country: str) -> None:
    assert law_of(country)
    assert not may_ask(None, country)


@pytest.mark.parametrize("country", ["IM", "GG", "GI"])
def test_islands_and_gibraltar_have_near_identical_laws_of_their_own(country: str) -> None:
    assert law_of(country) not in {"", law_of("GB")}
    assert not may_ask(None, country)


@pytest.mark.parametrize(
    ("place", "country"),
    [("AX", "FI"), ("JE", "GB"), ("SJ", "NO"), ("IC", "ES"), ("EA", "ES"), ("UK", "GB"), ("EL", "GR")]
    + [(place, "FR") for place in ("BL", "GF", "GP", "MF", "MQ", "PM", "RE", "YT")],
)
def test_a_place_with_a_code_of_its_own_is_under_the_law_of_its_country(place: str, country: str) -> None:
    assert law_of(place) == law_of(country) != ""
    assert not may_ask(None, place)


@pytest.mark.parametrize("country", ["US", "CA", "AU", "JP", "BR", "", None, "XX", "de", "DEU"])
def test_elsewhere_the_sale_itself_is_enough(country: str | None) -> None:
    assert law_of(country) == ""
    assert may_ask(None, country)


@pytest.mark.parametrize("country", ["DE", "GB", "US", "", None])
@pytest.mark.parametrize("basis", [ConsentBasis.OPT_IN, ConsentBasis.EXISTING_CUSTOMER])
def test_a_basis_is_one_everywhere(basis: ConsentBasis, country: str | None) -> None:
    assert may_ask(basis, country)


@pytest.mark.parametrize("country", ["DE", "GB", "US", "", None])
def test_who_refused_is_asked_nowhere(country: str | None) -> None:
    assert not may_ask(ConsentBasis.REFUSED, country)
