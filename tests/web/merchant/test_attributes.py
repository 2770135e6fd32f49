from typing import Any

import pytest
from sqlalchemy import select

from reviews_app.lib.ids import new_id
from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.product import Product
from reviews_app.models.review import ReviewAnswer
from tests.factories.attribute import make_attribute
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.fakes.visitor import errors, typed
from tests.web.merchant.conftest import House

USED_FOR: dict[str, Any] = {
    "title": "What did you use it for?",
    "kind": "multiple_choice",
    "about": "product",
    "choices": "Day hikes\r\n\r\n Commuting \r\nTravel",
}
FIT: dict[str, Any] = {"title": "Fit", "kind": "centred_scale", "about": "product", "low": "Small", "high": "Large"}


def add(house: House, values: dict[str, Any], **changes: Any) -> Any:
    return house.owner.send(f"{house.at}/settings/attributes/new", **(values | changes))


def asked(house: House) -> list[Attribute]:
    with house.rows() as rows:
        return list(rows.scalars(select(Attribute).order_by(Attribute.position)))


def test_a_question_with_choices_is_asked_in_the_form(house: House) -> None:
    assert add(house, USED_FOR).status_code == 303
    (one,) = asked(house)
    assert (one.kind, one.choices) == (AttributeKind.MULTIPLE_CHOICE, ["Day hikes", "Commuting", "Travel"])
    form = house.app.test_client().get("/stores/larkspur/products/ridge-daypack/reviews/new").text
    assert "What did you use it for?" in form
    assert "Commuting" in form


@pytest.mark.parametrize("kind", AttributeKind)
def test_every_kind_can_be_asked(house: House, kind: AttributeKind) -> None:
    assert add(house, USED_FOR | FIT, kind=str(kind)).status_code == 303
    assert asked(house)[0].kind is kind


@pytest.mark.parametrize(
    ("values", "changes", "field"),
    [
        (USED_FOR, {"title": " "}, "title"),
        (USED_FOR, {"title": "x" * 121}, "title"),
        (USED_FOR, {"choices": "Only one"}, "choices"),
        (USED_FOR, {"choices": "Same\nSame"}, "choices"),
        (USED_FOR, {"choices": "\n".join(str(n) for n in range(21))}, "choices"),
        (USED_FOR, {"kind": "poem"}, "kind"),
        (USED_FOR, {"about": "the weather"}, "about"),
        (FIT, {"low": ""}, "low"),
        (FIT, {"high": ""}, "low"),
        (FIT, {"about": "reviewer", "is_required": "y"}, "is_required"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    house: House, values: dict[str, Any], changes: dict[str, str], field: str
) -> None:
    answer = add(house, values, **changes)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert asked(house) == []


def test_a_question_may_be_for_chosen_products_and_required(house: House) -> None:
    with house.writing() as (writing, store):
        make_product(writing, store, "ember-stove")
    add(house, FIT, products=["ember-stove"], is_required="y")
    with house.rows() as rows:
        one = rows.scalars(select(Attribute)).one()
        assert (one.for_all_products, one.is_required) == (False, True)
        assert [product.handle for product in one.products] == ["ember-stove"]
    client = house.app.test_client()
    assert "Fit" in client.get("/stores/larkspur/products/ember-stove/reviews/new").text
    assert "Fit" not in client.get("/stores/larkspur/products/ridge-daypack/reviews/new").text


def test_a_question_is_changed_and_its_form_shows_it_as_it_stands(house: House) -> None:
    add(house, FIT)
    page = f"{house.at}/settings/attributes/{asked(house)[0].id}"
    assert typed(house.owner.open(page))["low"] == ["Small"]
    house.owner.send(page, low="Runs small", about="reviewer")
    (one,) = asked(house)
    assert (one.low, one.about) == ("Runs small", AttributeAbout.REVIEWER)


def test_the_kind_is_fixed_once_somebody_answered(house: House) -> None:
    with house.writing() as (writing, store):
        attribute = make_attribute(writing, store)
        review = leave_review(writing, store, writing.scalars(select(Product)).one(), clock=house.clock)
        writing.add(
            ReviewAnswer(
                store_id=store.id,
                review_id=review.id,
                attribute_id=attribute.id,
                title="Used for",
                value="Travel",
                shown="Travel",
                position=0,
            )
        )
    page = f"{house.at}/settings/attributes/{asked(house)[0].id}"
    answer = house.owner.send(page, kind="short_text")
    assert answer.status_code == 422
    assert "Shoppers have answered it." in errors(answer)[0]
    assert house.owner.send(page, title="Where did you use it?").status_code == 303
    assert asked(house)[0].kind is AttributeKind.SINGLE_CHOICE


def test_questions_are_put_in_order(house: House) -> None:
    for title in ("First", "Second", "Third"):
        add(house, FIT, title=title)
    third = asked(house)[2].id
    house.owner.send(f"{house.at}/settings/attributes", at=f"{house.at}/settings/attributes/{third}/up")
    assert [one.title for one in asked(house)] == ["First", "Third", "Second"]
    text = house.owner.open(f"{house.at}/settings/attributes").text
    assert text.index("First") < text.index("Third") < text.index("Second")


def test_without_the_token_nothing_changes(house: House) -> None:
    page = f"{house.at}/settings/attributes"
    assert house.owner.client.post(f"{page}/new", data=USED_FOR).status_code == 422
    add(house, FIT)
    assert house.owner.client.post(f"{page}/{asked(house)[0].id}", data=USED_FOR).status_code == 422
    assert house.owner.client.post(f"{page}/{asked(house)[0].id}/up").status_code == 400
    assert [one.title for one in asked(house)] == ["Fit"]


def test_a_question_that_is_not_there_is_a_kind_404(house: House) -> None:
    assert house.owner.open(f"{house.at}/settings/attributes/{new_id()}").status_code == 404
