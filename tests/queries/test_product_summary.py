"""The numbers above a product's reviews, beside a plain count of the same seeded reviews."""

from collections import Counter
from fractions import Fraction
from random import Random

import pytest
from sqlalchemy.orm import Session

from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.product import Product
from reviews_app.models.rating import AttributeRating, ProductRating
from reviews_app.models.store import Store
from reviews_app.queries.catalogue import catalogue
from reviews_app.queries.product_summary import Summary, product_summary
from reviews_app.queries.star_average import shown_average
from tests.factories.attribute import make_attribute
from tests.factories.product import make_product
from tests.factories.store import make_store


def rate(session: Session, product: Product, **counts: int) -> None:
    row = session.get(ProductRating, product.id)
    assert row is not None
    for name, count in counts.items():
        setattr(row, name, count)
    session.flush()


def answer(session: Session, product: Product, attribute: Attribute, **counts: int) -> None:
    for said, count in counts.items():
        row = AttributeRating(store_id=product.store_id, product_id=product.id, attribute_id=attribute.id)
        row.answer, row.count = said.replace("minus", "-").lstrip("n"), count
        session.add(row)
    session.flush()


def summary(session: Session, product: Product) -> Summary:
    found = product_summary(session, product)
    assert found is not None
    return found


def test_a_product_nobody_reviewed_has_no_numbers(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    assert product_summary(session, product) is None
    assert [(item.average, item.count) for item in catalogue(session, store)] == [(None, 0)]


def test_the_numbers_are_those_of_a_plain_count(session: Session) -> None:
    store, dice = make_store(session), Random(7)
    for number in range(12):
        product = make_product(session, store, f"pack-{number}")
        stars = dice.choices(range(1, 6), weights=[dice.random() for _ in range(5)], k=dice.randrange(1, 60))
        count = Counter(stars)
        said_yes, said_no = dice.randrange(30), dice.randrange(30)
        rate(
            session, product, recommended=said_yes, not_recommended=said_no, **{f"n{one}": count[one] for one in count}
        )
        found = summary(session, product)
        assert found.total == len(stars)
        assert found.exact_average == pytest.approx(float(Fraction(sum(stars), len(stars))))
        assert found.average == shown_average(found.exact_average)
        assert found.bars == tuple((one, stars.count(one)) for one in (5, 4, 3, 2, 1))
        assert found.recommend_share is None or abs(found.recommend_share - 100 * said_yes / (said_yes + said_no)) < 1


SHARES = {(0, 0): None, (1, 0): 100, (0, 1): 0, (1, 1): 50, (1, 999): 1, (999, 1): 99, (2, 1): 67, (1, 2): 33}


def test_all_and_nobody_are_said_only_when_they_are_so(session: Session) -> None:
    store, shares = make_store(session), {}
    for yes, no in SHARES:
        product = make_product(session, store, f"pack-{yes}-{no}")
        rate(session, product, n4=1, recommended=yes, not_recommended=no)
        shares[yes, no] = summary(session, product).recommend_share
    assert shares == SHARES


@pytest.fixture
def shop(session: Session) -> tuple[Store, Product]:
    store = make_store(session)
    product = make_product(session, store)
    rate(session, product, n4=1)
    return store, product


def test_a_scale_stands_at_its_mean_and_is_called_by_its_nearest_name(
    session: Session, shop: tuple[Store, Product]
) -> None:
    store, product = shop
    said = {
        "small": ({"minus2": 3, "minus1": 1}, 0.0625, "Runs small"),
        "middle": ({"minus2": 1, "n0": 1, "n2": 1}, 0.5, "True to size"),
        "large": ({"n2": 5}, 1.0, "Runs large"),
        "nearly": ({"n1": 9, "n2": 1}, 0.775, "Runs large"),
    }
    for place, (title, (counts, _share, _words)) in enumerate(said.items()):
        fit = make_attribute(session, store, AttributeKind.CENTRED_SCALE, title=title, position=place)
        answer(session, product, fit, **counts)
    scales = summary(session, product).scales
    assert [(one.title, round(one.share, 6), one.words) for one in scales] == [
        (title, share, words) for title, (_counts, share, words) in said.items()
    ]


def test_a_scale_without_a_name_in_the_middle_is_called_by_its_nearer_end(
    session: Session, shop: tuple[Store, Product]
) -> None:
    store, product = shop
    for place, counts in enumerate(({"n2": 1, "n3": 1}, {"n3": 1})):
        warmth = make_attribute(session, store, AttributeKind.SCALE, title="Warmth", position=place)
        warmth.middle = ""
        answer(session, product, warmth, **counts)
    assert [one.words for one in summary(session, product).scales] == ["Runs small", "Runs large"]


def test_answers_taken_back_choices_texts_and_questions_about_the_person_draw_no_scale(
    session: Session, shop: tuple[Store, Product]
) -> None:
    store, product = shop
    answer(session, product, make_attribute(session, store, AttributeKind.SCALE, title="Gone"), n3=0)
    answer(session, product, make_attribute(session, store, AttributeKind.SINGLE_CHOICE, title="Use"), Travel=4)
    about = make_attribute(session, store, AttributeKind.SCALE, title="Skill", about=AttributeAbout.REVIEWER)
    answer(session, product, about, n4=2)
    assert summary(session, product).scales == ()


def test_another_products_answers_move_no_scale(session: Session, shop: tuple[Store, Product]) -> None:
    store, product = shop
    fit = make_attribute(session, store, AttributeKind.SCALE, title="Fit")
    answer(session, product, fit, n1=1)
    answer(session, make_product(session, store, "stove"), fit, n5=100)
    assert [one.share for one in summary(session, product).scales] == [0.0]
