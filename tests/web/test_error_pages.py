import re

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.models.store import Store
from tests.factories.furnished import furnish
from tests.factories.member import signed_in
from tests.fakes.visitor import Visitor

FORM = "/stores/larkspur/products/ridge-daypack/reviews/new"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    furnish(app, "larkspur")
    return Visitor(app.test_client())


def ways_on(page: str) -> list[tuple[str, str]]:
    """Where the page's buttons lead, and what they say."""
    return re.findall(r'<a class="button" href="([^"]+)">(.*?)</a>', page)


@pytest.mark.parametrize("path", ["/products/never-sold", "/nothing/at/all", "/products/ridge-daypack/reviews"])
def test_where_nothing_is_in_a_shop_the_way_leads_to_the_shop(visitor: Visitor, path: str) -> None:
    answer = visitor.open(f"/stores/larkspur{path}")
    assert answer.status_code == 404
    assert "There is no page here" in answer.text
    assert ways_on(answer.text) == [("/stores/larkspur", "To Larkspur")]


@pytest.mark.parametrize("path", ["/stores/nobody", "/stores/nobody/products/x", "/stores/", "/else"])
def test_no_way_leads_to_a_shop_that_is_not_there(visitor: Visitor, path: str) -> None:
    answer = visitor.open(path)
    assert answer.status_code == 404
    assert ways_on(answer.text) == []


@pytest.mark.parametrize("path", ["/stores/%00/products/x", "/stores/%ff/products/x", "/stores/" + "x" * 5000])
def test_a_shop_no_database_could_hold_is_not_there_either(visitor: Visitor, path: str) -> None:
    answer = visitor.open(path)
    assert answer.status_code in {400, 404}
    assert ways_on(answer.text) == []


def test_a_merchant_goes_on_to_their_stores(app: Flask, visitor: Visitor) -> None:
    at_the_screen = signed_in(app, "owner@larkspur.example")
    for path in ("/merchant/larkspur/nothing", "/merchant/nobody/reviews"):
        answer = at_the_screen.get(path)
        assert answer.status_code == 404
        assert ways_on(answer.text) == [("/merchant/stores", "To your stores")]


def test_a_shops_name_is_data_on_the_way_too(app: Flask) -> None:
    from_markup = "<b>Larkspur</b> & Sons"
    furnish(app, "larkspur")
    rename(app, from_markup)
    answer = app.test_client().get("/stores/larkspur/nothing")
    assert ways_on(answer.text) == [("/stores/larkspur", "To &lt;b&gt;Larkspur&lt;/b&gt; &amp; Sons")]


def rename(app: Flask, name: str) -> None:
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().name = name


def test_a_busy_shop_sends_nobody_on(visitor: Visitor) -> None:
    answer = visitor.client.post(FORM, data=b"x" * 10, content_type="application/json")
    assert answer.status_code == 415
    assert ways_on(answer.text) == []


@pytest.mark.parametrize(
    ("typed", "heading"),
    [
        ({"rating": "4", "body": "Fine.", "name": "Ann Lee", "email": "not an address"}, "One thing to put right"),
        ({"rating": "9", "body": "x" * 10_001, "name": "Ann Lee", "email": "ann@"}, "3 things to put right"),
        ({"rating": "", "body": "", "name": "", "email": ""}, "4 things to put right"),
    ],
)
def test_a_refused_form_counts_what_is_wrong_as_well_as_what_is_missing(
    visitor: Visitor, typed: dict[str, str], heading: str
) -> None:
    answer = visitor.send(FORM, **typed)
    assert answer.status_code == 422
    assert f"<h2>{heading}</h2>" in answer.text
    assert "missing" not in answer.text
