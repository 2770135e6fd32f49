"""Stamps a product or a store anew in the transaction that changes something its pages show (decision record 8).

It listens to the session instead of being called by each service: a change nobody thought of would leave an old page
standing. For the same reason what shows is changed row by row; a statement over many rows could not be attributed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Boolean, Delete, Insert, Update, Uuid, bindparam, event, inspect, select, text
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, scoped_session

from reviews_app.lib.tokens import new_token
from reviews_app.models.attribute import Attribute, attribute_product
from reviews_app.models.base import Base
from reviews_app.models.media import Media
from reviews_app.models.product import Product, ProductPicture, ProductVariant
from reviews_app.models.rating import AttributeRating, ProductRating
from reviews_app.models.review import Review, ReviewAnswer, ReviewReply
from reviews_app.models.reward import Reward
from reviews_app.models.store import Store

CHANGED = "shown_changes"
# On both databases. In the order of the ids, so that two transactions never wait for each other.
STAMP = text(
    "INSERT INTO page_stamp (subject_id, store_id, stamp, form_stamp)"
    " VALUES (:subject_id, :store_id, :stamp, :stamp)"
    " ON CONFLICT (subject_id) DO UPDATE SET stamp = excluded.stamp,"
    " form_stamp = CASE WHEN :on_form THEN excluded.form_stamp ELSE page_stamp.form_stamp END"
).bindparams(
    bindparam("subject_id", type_=Uuid()), bindparam("store_id", type_=Uuid()), bindparam("on_form", type_=Boolean())
)


class ShownInBulk(Exception):
    """A statement over many rows of a shown table: load the rows and change them one by one."""


class Subject(NamedTuple):
    """Whose pages show a row: a product or a store."""

    subject_id: UUID
    store_id: UUID


@dataclass(frozen=True, slots=True)
class OfReview:
    """A row of a review, whose product is looked up once all is written."""

    review_id: UUID
    store_id: UUID


Touched = Callable[[Any], Iterable[Subject | OfReview]]


def _of_product(row: Any) -> Iterable[Subject]:
    return [Subject(row.product_id, row.store_id)]


def _of_review(row: Any) -> Iterable[OfReview]:
    """The review it belongs to, and the one it belonged to before."""
    history = inspect(row).attrs.review_id.history
    return [OfReview(one, row.store_id) for one in {*history.sum()} - {None}]


SHOWN: dict[type[Base], Touched] = {
    Store: lambda row: [Subject(row.id, row.id)],
    Attribute: lambda row: [Subject(row.store_id, row.store_id)],
    Product: lambda row: [Subject(row.id, row.store_id)],
    ProductVariant: _of_product,
    ProductPicture: _of_product,
    ProductRating: _of_product,
    AttributeRating: _of_product,
    Review: _of_product,
    ReviewAnswer: _of_review,
    ReviewReply: _of_review,
    Media: _of_review,
    Reward: _of_review,
}
TABLES = frozenset(one.__tablename__ for one in SHOWN) | {attribute_product.name}
# What the review form shows too: it stays while reviews come and go.
ON_FORM = frozenset({Store, Attribute, Product, ProductVariant, ProductPicture})


def watch_shown_changes(sessions: scoped_session[Any]) -> None:
    """Listen to every session these are made from."""
    event.listen(sessions, "after_flush", _note_rows)
    event.listen(sessions, "do_orm_execute", _refuse_bulk)


def stamp_shown_changes(session: Session) -> None:
    """Before a commit: stamp everything whose pages look different after it."""
    session.flush()
    touched: dict[Subject | OfReview, bool] = session.info.pop(CHANGED, {})
    subjects = {one: on_form for one, on_form in touched.items() if isinstance(one, Subject)}
    reviews = {one.review_id for one in touched if isinstance(one, OfReview)}
    if reviews:
        products = select(Review.product_id, Review.store_id).where(Review.id.in_(reviews)).distinct()
        for row in session.execute(products):
            subjects.setdefault(Subject(*row), False)
    if subjects:
        rows = [one._asdict() | {"stamp": new_token(), "on_form": on_form} for one, on_form in sorted(subjects.items())]
        session.connection().execute(STAMP, rows)


def forget_shown_changes(session: Session) -> None:
    """After a rollback: nothing changed."""
    session.info.pop(CHANGED, None)


def _note_rows(session: Session, _flush: UOWTransaction) -> None:
    """Here the rows still know what they were before."""
    dirty = (row for row in session.dirty if type(row) in SHOWN and session.is_modified(row))
    noted = session.info.setdefault(CHANGED, {})
    for row in (*session.new, *dirty, *session.deleted):
        for one in SHOWN[type(row)](row) if type(row) in SHOWN else ():
            noted[one] = noted.get(one, False) or type(row) in ON_FORM


def _refuse_bulk(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = cast("Insert | Update | Delete", state.statement).table
        if table.description in TABLES:
            raise ShownInBulk(table.description)
