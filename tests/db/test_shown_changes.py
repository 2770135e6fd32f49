"""What changes a product's page gives it another stamp, in the same transaction; nothing else does."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.db.shown_changes import ShownInBulk
from reviews_app.models.attribute import Attribute, AttributeKind
from reviews_app.models.customer import Customer
from reviews_app.models.media import Media, MediaState
from reviews_app.models.product import Product, ProductPicture
from reviews_app.models.review import RejectionReason, Review, ReviewAnswer
from reviews_app.models.store import Publishing, Store
from reviews_app.queries.page_standing import page_standing
from reviews_app.services.add_product import ProductDetails, VariantDetails
from reviews_app.services.change_product import change_product
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.edit_review import edit_review
from reviews_app.services.erase_person import erase_person
from reviews_app.services.let_go_of_media import let_go_of_media
from reviews_app.services.move_attribute import move_attribute_up
from reviews_app.services.reply_to_review import reply_to_review
from reviews_app.services.review_draft import AnswerDraft
from reviews_app.services.roll_up_ratings import recount
from reviews_app.services.withdraw_review import withdraw_review
from tests.factories.attribute import make_attribute
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review, make_draft
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock

WRITER = "ann@example.com"


@dataclass(frozen=True)
class Scene:
    """A product with a published review, as one transaction sees it."""

    writing: Session
    store: Store
    product: Product
    review: Review
    clock: FakeClock


Change = Callable[[Scene], object]


def furnish(app: Flask) -> None:
    with app.app_context(), transaction() as writing:
        for slug in ("larkspur", "juniper"):
            store = make_store(writing, slug)
            product = make_product(writing, store, variants=("Moss", "Slate"))
            make_product(writing, store, "quiet-mug")
            first = make_attribute(writing, store, AttributeKind.SHORT_TEXT, title="Where?")
            make_attribute(writing, store, AttributeKind.SCALE, title="Comfort", position=1)
            review = leave_review(writing, store, product, email=WRITER, answers=(AnswerDraft(first.id, "Alps"),))
            review.has_media = True
            writing.add(picture_of(review))
            make_order(writing, store, product)


def picture_of(review: Review) -> Media:
    return Media(
        store_id=review.store_id,
        review_id=review.id,
        form_id=review.form_id,
        name=f"picture-{review.id.hex}",
        byte_count=10,
        created_at=START,
        enqueued_at=START,
    )


def change(app: Flask, what: Change, clock: FakeClock) -> None:
    clock.advance(minutes=1)
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store).where(Store.slug == "larkspur")).one()
        product = writing.scalars(select(Product).where(Product.store_id == store.id, Product.variants.any())).one()
        review = writing.scalars(select(Review).where(Review.product_id == product.id)).one()
        what(Scene(writing, store, product, review, clock))


def stamps(app: Flask, slug: str = "larkspur", handle: str = "ridge-daypack") -> tuple[str | None, str | None]:
    with app.app_context():
        return page_standing(reading(), slug, handle).stamps


def form_stamps(app: Flask, slug: str = "larkspur", handle: str = "ridge-daypack") -> tuple[str | None, str | None]:
    with app.app_context():
        return page_standing(reading(), slug, handle).form_stamps


def rename_question(scene: Scene) -> None:
    scene.writing.scalars(select(Attribute).where(Attribute.store_id == scene.store.id)).first().title = "Which way?"  # type: ignore[union-attr]


def move_question(scene: Scene) -> None:
    last = select(Attribute).where(Attribute.store_id == scene.store.id).order_by(Attribute.position.desc())
    move_attribute_up(scene.writing, scene.store, scene.writing.scalars(last).first())  # type: ignore[arg-type]


def ask_of_one(scene: Scene) -> None:
    question = scene.writing.scalars(select(Attribute).where(Attribute.store_id == scene.store.id)).first()
    question.products = [scene.product]  # type: ignore[union-attr]


def take_question_away(scene: Scene) -> None:
    unanswered = select(Attribute).where(Attribute.store_id == scene.store.id, Attribute.title == "Comfort")
    scene.writing.delete(scene.writing.scalars(unanswered).one())


def have_picture_ready(scene: Scene) -> None:
    scene.review.media[0].state = MediaState.READY


def add_picture(scene: Scene) -> None:
    row = ProductPicture(store_id=scene.store.id, product_id=scene.product.id, name="front", width=8, height=8)
    scene.product.pictures.append(row)


def details(*names: str, title: str = "Ridge Daypack") -> ProductDetails:
    variants = tuple(VariantDetails(f"larkspur-ridge-daypack-{name}", name) for name in names)
    return ProductDetails("larkspur-ridge-daypack", "ridge-daypack", title, variants=variants)


def edit(scene: Scene) -> None:
    edit_review(scene.writing, scene.review, make_draft(body="Changed."), store=scene.store, clock=scene.clock)


def answer_anew(scene: Scene) -> None:
    scene.review.answers[0].shown = "Pyrenees"


OF_PRODUCT: dict[str, Change] = {
    "a review was left": lambda s: leave_review(s.writing, s.store, s.product, clock=s.clock),
    "a review was taken down": lambda s: reject_review(s.writing, s.review, reason=RejectionReason.SPAM, clock=s.clock),
    "its author changed it": edit,
    "its author deleted it": lambda s: withdraw_review(s.writing, s.review, clock=s.clock),
    "its author was erased": lambda s: erase_person(s.writing, s.store, WRITER, clock=s.clock),
    "an answer was worded anew": answer_anew,
    "the merchant replied": lambda s: reply_to_review(s.writing, s.review, body="Thank you.", clock=s.clock),
    "its picture is ready": have_picture_ready,
    "its picture was taken away": lambda s: let_go_of_media(s.review.media),
    "the product has another title": lambda s: change_product(
        s.writing, s.product, details("Moss", "Slate", title="Ridge 22")
    ),
    "the product lost a variant": lambda s: change_product(s.writing, s.product, details("Slate")),
    "the product has another picture": add_picture,
    "the counts were counted again": lambda s: recount(s.writing, store_id=s.store.id, product_id=s.product.id),
}
OF_STORE: dict[str, Change] = {
    "the shop has another name": lambda s: setattr(s.store, "name", "Larkspur and Sons"),
    "the shop holds reviews": lambda s: setattr(s.store, "publishing", Publishing.HOLD_ALL),
    "a question was renamed": rename_question,
    "a question was moved": move_question,
    "a question is for one product alone": ask_of_one,
    "a question was taken away": take_question_away,
}
# Of what changes a product's page, the form shows these.
ON_THE_FORM = {"the product has another title", "the product lost a variant", "the product has another picture"}
UNSEEN: dict[str, Change] = {
    "nothing": lambda _: None,
    "a buyer got another name": lambda s: setattr(s.writing.scalars(select(Customer)).first(), "name", "Robin"),
    "a picture was staged": lambda s: s.writing.add(
        Media(store_id=s.store.id, form_id="f", name="staged", byte_count=1, created_at=START, enqueued_at=START)
    ),
}


@pytest.mark.parametrize("what", OF_PRODUCT.values(), ids=OF_PRODUCT)
def test_a_change_of_a_product_stamps_that_product_alone(app: Flask, clock: FakeClock, what: Change) -> None:
    furnish(app)
    before = stamps(app), stamps(app, handle="quiet-mug"), stamps(app, "juniper")
    change(app, what, clock)
    after = stamps(app), stamps(app, handle="quiet-mug"), stamps(app, "juniper")
    assert after[0][1] != before[0][1]
    assert after[0][0] == before[0][0]
    assert after[1:] == before[1:]


@pytest.mark.parametrize("what", OF_STORE.values(), ids=OF_STORE)
def test_a_change_of_the_store_stamps_all_its_pages_and_no_others(app: Flask, clock: FakeClock, what: Change) -> None:
    furnish(app)
    before = stamps(app), stamps(app, handle="quiet-mug"), stamps(app, "juniper")
    change(app, what, clock)
    assert stamps(app)[0] != before[0][0]
    assert stamps(app, handle="quiet-mug")[0] != before[1][0]
    assert stamps(app, "juniper") == before[2]


@pytest.mark.parametrize("name", OF_PRODUCT)
def test_a_review_leaves_the_form_alone_and_the_product_does_not(app: Flask, clock: FakeClock, name: str) -> None:
    furnish(app)
    before = form_stamps(app), form_stamps(app, handle="quiet-mug"), form_stamps(app, "juniper")
    change(app, OF_PRODUCT[name], clock)
    after = form_stamps(app), form_stamps(app, handle="quiet-mug"), form_stamps(app, "juniper")
    assert (after[0][1] != before[0][1]) is (name in ON_THE_FORM)
    assert (after[0][0], *after[1:]) == (before[0][0], *before[1:])


@pytest.mark.parametrize("what", OF_STORE.values(), ids=OF_STORE)
def test_a_change_of_the_store_changes_all_its_forms_and_no_others(app: Flask, clock: FakeClock, what: Change) -> None:
    furnish(app)
    before = form_stamps(app), form_stamps(app, handle="quiet-mug"), form_stamps(app, "juniper")
    change(app, what, clock)
    after = form_stamps(app), form_stamps(app, handle="quiet-mug"), form_stamps(app, "juniper")
    assert [one[0] != other[0] for one, other in zip(after, before, strict=True)] == [True, True, False]
    assert after[2] == before[2]


def test_a_review_and_a_new_title_in_one_transaction_stamp_page_and_form(app: Flask, clock: FakeClock) -> None:
    furnish(app)
    before = stamps(app), form_stamps(app)

    def both(scene: Scene) -> None:
        scene.product.title = "Ridge 22"
        scene.writing.flush()
        leave_review(scene.writing, scene.store, scene.product, clock=scene.clock)

    change(app, both, clock)
    assert stamps(app)[1] != before[0][1]
    assert form_stamps(app)[1] != before[1][1]


@pytest.mark.parametrize("what", UNSEEN.values(), ids=UNSEEN)
def test_what_no_page_shows_stamps_nothing(app: Flask, clock: FakeClock, what: Change) -> None:
    furnish(app)
    before = stamps(app)
    change(app, what, clock)
    assert stamps(app) == before


def test_publishing_and_taking_a_reply_back_show_too(app: Flask, clock: FakeClock) -> None:
    furnish(app)
    seen = [stamps(app)]
    for what in (OF_PRODUCT["a review was taken down"], OF_PRODUCT["the merchant replied"]):
        change(app, what, clock)
        seen.append(stamps(app))
    change(app, lambda s: reply_to_review(s.writing, s.review, body="", clock=s.clock), clock)
    seen.append(stamps(app))
    change(app, lambda s: publish_review(s.writing, s.review, clock=s.clock), clock)
    seen.append(stamps(app))
    assert len(set(seen)) == len(seen)


def test_a_transaction_that_fails_stamps_nothing_then_or_later(app: Flask, clock: FakeClock) -> None:
    furnish(app)
    before = stamps(app)
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction() as writing:
            writing.scalars(select(Store).where(Store.slug == "larkspur")).one().name = "Never"
            writing.flush()
            raise ZeroDivisionError
        with transaction() as writing:
            writing.scalars(select(Customer)).first().name = "Robin"  # type: ignore[union-attr]
    assert stamps(app) == before


def test_a_stamp_never_comes_back(app: Flask, clock: FakeClock) -> None:
    furnish(app)
    seen = set()
    for name in ("One", "Two", "One", "Two"):
        change(app, lambda s, name=name: setattr(s.store, "name", name), clock)  # type: ignore[misc]
        seen.add(stamps(app)[0])
    assert len(seen) == 4


@pytest.mark.parametrize(
    "statement",
    [
        delete(ReviewAnswer).where(ReviewAnswer.title == "Where?"),
        update(Review).values(title=""),
        update(Store).values(name=""),
    ],
    ids=["answers", "reviews", "stores"],
)
def test_what_shows_cannot_be_changed_unseen(app: Flask, statement: object) -> None:
    furnish(app)
    with app.app_context(), pytest.raises(ShownInBulk), transaction() as writing:
        writing.execute(statement)  # type: ignore[call-overload]
