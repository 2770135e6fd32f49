import re

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import session
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.store import Store
from tests.fakes.visitor import Visitor


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["create-store", *words])
    return result.exit_code, result.output


def test_the_printed_link_makes_its_first_reader_the_owner_once(app: Flask) -> None:
    code, output = run(app, "larkspur", "--name", "Larkspur Outfitters", "--language", "en", "--language", "de")
    assert code == 0
    found = re.search(r"http://shop\.test(/merchant/join/\S+)", output)
    assert found is not None
    visitor = Visitor(app.test_client())
    answer = visitor.send(found.group(1), name="Kim", email="kim@example.com", password="a-long-password")
    assert answer.location == "/merchant/larkspur"
    assert "Larkspur Outfitters" in visitor.open("/merchant/larkspur").text
    assert Visitor(app.test_client()).open(found.group(1)).status_code == 410
    with app.app_context():
        assert session().scalars(select(Store.languages)).all() == [["en", "de"]]
        assert session().scalars(select(Membership.role)).all() == [StoreRole.OWNER]


def test_a_short_name_is_given_once(app: Flask) -> None:
    run(app, "larkspur")
    code, output = run(app, "larkspur")
    assert code == 1
    assert "There is a store named larkspur already." in output


def test_a_short_name_that_cannot_stand_in_an_address_is_refused_in_words(app: Flask) -> None:
    for slug in ("Larkspur!", "settings", "sign-in"):
        code, output = run(app, slug)
        assert code == 1
        assert "short name" in output
    with app.app_context():
        assert session().scalars(select(Store)).all() == []


def test_the_name_follows_the_short_name_when_left_out(app: Flask) -> None:
    run(app, "larkspur-outfitters")
    with app.app_context():
        assert session().scalars(select(Store.name)).one() == "Larkspur Outfitters"


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--language", "klingon", "'klingon' is not one of 'en', 'de'"),
        ("--language", "", "is not one of"),
        ("--currency", "dollars", "'dollars' is no currency code such as EUR"),
        ("--currency", "", "is no currency code"),
    ],
)
def test_what_no_shopper_speaks_or_pays_with_is_refused_in_words(
    app: Flask, option: str, value: str, words: str
) -> None:
    code, output = run(app, "larkspur", option, value)
    assert code == 2
    assert words in " ".join(output.split())
    with app.app_context():
        assert session().scalars(select(Store)).all() == []


def test_a_currency_is_kept_as_it_is_written_everywhere(app: Flask) -> None:
    assert run(app, "larkspur", "--currency", "eur")[0] == 0
    with app.app_context():
        assert session().scalars(select(Store.currency)).all() == ["EUR"]
