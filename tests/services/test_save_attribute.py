from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.review import ReviewAnswer
from reviews_app.models.store import Store
from reviews_app.queries.find_attribute import attributes_of_store, find_attribute
from reviews_app.queries.not_found import NotFound
from reviews_app.services.move_attribute import move_attribute_up
from reviews_app.services.save_attribute import AttributeDetails, KindFixed, save_attribute
from tests.factories.attribute import make_attribute
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store

FIT = AttributeDetails("Fit", AttributeKind.CENTRED_SCALE, AttributeAbout.PRODUCT, False, (), "Small", "", "Large", ())


def titles(session: Session, store: Store) -> list[str]:
    return [one.title for one in attributes_of_store(session, store)]


def test_a_new_question_comes_last(session: Session) -> None:
    store = make_store(session)
    for title in ("First", "Second"):
        save_attribute(session, store, None, replace(FIT, title=title))
    assert titles(session, store) == ["First", "Second"]


def test_a_question_is_for_all_products_or_the_stores_own_chosen_ones(session: Session) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    product = make_product(session, store)
    make_product(session, other, "stove")
    one = save_attribute(session, store, None, replace(FIT, handles=("ridge-daypack", "stove")))
    assert (one.products, one.for_all_products) == ([product], False)
    save_attribute(session, store, one, FIT)
    assert (one.products, one.for_all_products) == ([], True)


def test_the_kind_changes_until_somebody_answers(session: Session) -> None:
    store = make_store(session)
    one = make_attribute(session, store)
    save_attribute(session, store, one, FIT)
    review = leave_review(session, store, make_product(session, store))
    session.add(
        ReviewAnswer(
            store_id=store.id, review_id=review.id, attribute_id=one.id, title="Fit", value=1, shown="1", position=0
        )
    )
    session.flush()
    save_attribute(session, store, one, replace(FIT, title="How does it fit?"))
    with pytest.raises(KindFixed):
        save_attribute(session, store, one, replace(FIT, kind=AttributeKind.SCALE))


def test_a_question_moves_up_one_place_and_the_first_stays(session: Session) -> None:
    store = make_store(session)
    rows: list[Attribute] = [make_attribute(session, store, title=title) for title in ("A", "B", "C")]
    make_attribute(session, make_store(session, "juniper"), title="Theirs")
    move_attribute_up(session, store, rows[2])
    assert titles(session, store) == ["A", "C", "B"]
    move_attribute_up(session, store, rows[0])
    assert titles(session, store) == ["A", "C", "B"]
    assert [one.position for one in attributes_of_store(session, store)] == [0, 1, 2]


def test_another_stores_question_is_absent(session: Session) -> None:
    theirs = make_attribute(session, make_store(session, "juniper"))
    with pytest.raises(NotFound):
        find_attribute(session, make_store(session), theirs.id)
