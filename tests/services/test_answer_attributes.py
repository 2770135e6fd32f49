import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.attribute import AttributeKind
from reviews_app.models.rating import AttributeRating
from reviews_app.models.review import AnswerValue, Review, ReviewAnswer
from reviews_app.models.store import Store
from reviews_app.services.answer_attributes import UnknownAttribute, attributes_of, shown_answer
from reviews_app.services.review_draft import AnswerDraft
from tests.factories.attribute import make_attribute
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.rows import every_row
from tests.factories.store import make_store


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (AttributeKind.SINGLE_CHOICE, "Commuting", "Commuting"),
        (AttributeKind.MULTIPLE_CHOICE, ["Travel", "Day hikes"], "Travel, Day hikes"),
        (AttributeKind.MULTIPLE_CHOICE, ["Travel"], "Travel"),
        (AttributeKind.SCALE, 1, "Runs small"),
        (AttributeKind.SCALE, 2, "2 / 5"),
        (AttributeKind.SCALE, 3, "True to size"),
        (AttributeKind.SCALE, 4, "4 / 5"),
        (AttributeKind.SCALE, 5, "Runs large"),
        (AttributeKind.CENTRED_SCALE, -2, "Runs small"),
        (AttributeKind.CENTRED_SCALE, -1, "Slightly runs small"),
        (AttributeKind.CENTRED_SCALE, 0, "True to size"),
        (AttributeKind.CENTRED_SCALE, 1, "Slightly runs large"),
        (AttributeKind.CENTRED_SCALE, 2, "Runs large"),
        (AttributeKind.SHORT_TEXT, "183 cm", "183 cm"),
        (AttributeKind.SHORT_TEXT, "<b>& {{ 7*7 }}", "<b>& {{ 7*7 }}"),
    ],
)
def test_every_kind_of_answer_is_kept_as_given_and_shown_in_words(
    session: Session, kind: AttributeKind, value: AnswerValue, shown: str
) -> None:
    store = make_store(session)
    question = make_attribute(session, store, kind, title="Asked")
    review = leave_review(session, store, make_product(session, store), answers=(AnswerDraft(question.id, value),))
    session.expire_all()
    kept = session.scalars(select(ReviewAnswer)).one()
    assert (kept.title, kept.value, kept.shown) == ("Asked", value, shown)
    assert (kept.review_id, kept.store_id, kept.attribute_id) == (review.id, store.id, question.id)


@pytest.mark.parametrize(("value", "shown"), [(-2, "-2"), (-1, "-1"), (0, "0"), (1, "1"), (2, "2")])
def test_a_centred_scale_without_names_shows_its_number(session: Session, value: int, shown: str) -> None:
    question = make_attribute(session, make_store(session), AttributeKind.CENTRED_SCALE)
    question.low = question.middle = question.high = ""
    assert shown_answer(question, value) == shown


def test_a_scale_without_names_shows_its_number_of_five(session: Session) -> None:
    question = make_attribute(session, make_store(session), AttributeKind.SCALE)
    question.low = question.middle = question.high = ""
    assert [shown_answer(question, step) for step in (1, 3, 5)] == ["1 / 5", "3 / 5", "5 / 5"]


def test_the_question_is_kept_as_it_stood_when_it_was_answered(session: Session) -> None:
    store = make_store(session)
    question = make_attribute(session, store, title="Used for")
    review = leave_review(session, store, make_product(session, store), answers=(AnswerDraft(question.id, "Travel"),))
    question.title, question.choices = "Where do you use it?", ["Anywhere"]
    session.flush()
    session.refresh(review)
    assert [(one.title, one.shown) for one in review.answers] == [("Used for", "Travel")]


def test_a_question_left_open_makes_no_row(session: Session) -> None:
    store = make_store(session)
    make_attribute(session, store).is_required = True
    review = leave_review(session, store, make_product(session, store))
    assert review.answers == []
    assert session.scalar(select(func.count()).select_from(ReviewAnswer)) == 0


def test_answers_stand_in_the_forms_order_whatever_order_they_came_in(session: Session) -> None:
    store = make_store(session)
    asked = [make_attribute(session, store, title=f"Question {place}", position=place) for place in (3, 1, 2)]
    drafts = tuple(AnswerDraft(one.id, "Travel") for one in asked)
    review = leave_review(session, store, make_product(session, store), answers=drafts)
    session.expire_all()
    kept = session.get_one(Review, review.id).answers
    assert [one.title for one in kept] == ["Question 1", "Question 2", "Question 3"]


def unknown_questions(session: Session) -> tuple[Review, list[AnswerDraft]]:
    """A review to answer beside, and answers to what its product does not ask."""
    store, other = make_store(session), make_store(session, "juniper")
    product, stove = make_product(session, store), make_product(session, store, "stove")
    theirs = make_attribute(session, other)
    of_the_stove = make_attribute(session, store, products=(stove,))
    review = leave_review(session, store, product)
    return review, [AnswerDraft(one, "Travel") for one in (new_id(), theirs.id, of_the_stove.id)]


@pytest.mark.parametrize("place", [0, 1, 2], ids=["never made", "another store's", "another product's"])
def test_an_answer_to_what_was_not_asked_is_refused_and_nothing_is_written(session: Session, place: int) -> None:
    review, drafts = unknown_questions(session)
    asked = make_attribute(session, review_store(session, review), title="Asked")
    before = every_row(session)
    with pytest.raises(UnknownAttribute):
        leave_review(
            session,
            review_store(session, review),
            review.product,
            answers=(AnswerDraft(asked.id, "Travel"), drafts[place]),
        )
    assert every_row(session) == before


def review_store(session: Session, review: Review) -> Store:
    return session.get_one(Store, review.store_id)


def test_a_product_asks_its_stores_questions_and_its_own_in_their_order(session: Session) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    pack, stove = make_product(session, store), make_product(session, store, "stove")
    make_attribute(session, other, title="Theirs")
    make_attribute(session, store, title="For all", position=2)
    make_attribute(session, store, title="For packs", products=(pack,), position=1)
    make_attribute(session, store, title="For stoves", products=(stove,), position=0)
    make_attribute(session, store, title="For both", products=(stove, pack), position=3)
    assert [one.title for one in attributes_of(session, pack)] == ["For packs", "For all", "For both"]
    assert [one.title for one in attributes_of(session, stove)] == ["For stoves", "For all", "For both"]


def test_each_answer_counts_under_its_own_words(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    uses = make_attribute(session, store, AttributeKind.MULTIPLE_CHOICE)
    fit = make_attribute(session, store, AttributeKind.SCALE, title="Fit")
    for value in (["Travel", "Commuting"], ["Travel"]):
        leave_review(session, store, product, answers=(AnswerDraft(uses.id, value), AnswerDraft(fit.id, 4)))
    rows = session.scalars(select(AttributeRating)).all()
    assert {(row.attribute_id, row.answer): row.count for row in rows} == {
        (uses.id, "Travel"): 2,
        (uses.id, "Commuting"): 1,
        (fit.id, "4"): 2,
    }


def test_a_typed_answer_is_composed_like_the_review(session: Session) -> None:
    store = make_store(session)
    question = make_attribute(session, store, AttributeKind.SHORT_TEXT)
    answers = (AnswerDraft(question.id, "  Cafe\u0301 \r\n"),)
    review = leave_review(session, store, make_product(session, store), answers=answers)
    assert (review.answers[0].value, review.answers[0].shown) == ("Caf\u00e9", "Caf\u00e9")
