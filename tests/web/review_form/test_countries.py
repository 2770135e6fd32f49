import re
from html import unescape

import pytest
from flask import Flask

from tests.factories.furnished import furnish
from tests.fakes.visitor import Page, Visitor

FORM = "/stores/larkspur/products/ridge-daypack/reviews/new"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    furnish(app, "larkspur")
    return Visitor(app.test_client())


def options(page: str) -> dict[str, str]:
    """The question for a country: what each option says, by its value."""
    element = re.search(r'<select[^>]* name="country"[^>]*>(.*?)</select>', page, re.S)
    assert element
    found = re.findall(r'<option (?:selected )?value="([^"]*)">(.*?)</option>', element.group(1))
    return {value: unescape(words) for value, words in found}


def test_countries_stand_in_the_pages_language_with_no_answer_first(visitor: Visitor) -> None:
    english = options(visitor.open(FORM).text)
    german = options(visitor.open(f"{FORM}?lang=de").text)
    assert next(iter(english.items())) == ("", "No answer")
    assert next(iter(german.items())) == ("", "Keine Angabe")
    assert (english["CI"], german["CI"], german["AU"]) == ("Côte d’Ivoire", "Côte d’Ivoire", "Australien")


def test_what_is_no_country_is_not_offered(visitor: Visitor) -> None:
    offered = options(visitor.open(FORM).text)
    assert len(offered) > 240
    assert offered.keys().isdisjoint({"EU", "UN", "ZZ", "XA", "001", "EZ"})


def test_a_chosen_country_stays_chosen_when_the_form_is_refused(visitor: Visitor) -> None:
    answer = visitor.send(FORM, country="NZ", rating="4", body="", name="Ann Lee", email="ann@example.com")
    assert answer.status_code == 422
    assert Page(answer.text).values["country"] == ["NZ"]
    assert '<option selected value="NZ">' in answer.text
    assert '<option selected value="">No answer</option><option value="AF">' not in answer.text


@pytest.mark.parametrize("made_up", ["XX", "Atlantis", '"><script>alert(1)</script>', "EU", "nz"])
def test_a_country_nobody_offered_is_not_taken(visitor: Visitor, made_up: str) -> None:
    answer = visitor.send(FORM, country=made_up, rating="4", body="", name="Ann Lee", email="ann@example.com")
    assert Page(answer.text).values["country"] == [""]
    assert "<script>alert" not in answer.text


def test_one_shoppers_choice_is_not_chosen_for_the_next(visitor: Visitor) -> None:
    visitor.send(FORM, country="NZ", body="")
    assert Page(visitor.open(FORM).text).values["country"] == [""]


def test_the_question_has_its_label_and_fills_in_by_itself(visitor: Visitor) -> None:
    page = visitor.open(FORM).text
    assert re.search(r'<select (?=[^>]*id="country")(?=[^>]*autocomplete="country")(?=[^>]*class="control")', page)
    assert 'for="country"' in page
