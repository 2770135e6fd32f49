"""In what order pages are stamped, what each stamp belongs to, and that no statement over many rows slips by."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Table, delete, event, insert, select, update
from sqlalchemy.exc import UnboundExecutionError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from reviews_app.db.database import engine, transaction
from reviews_app.db.database import session as reading
from reviews_app.db.shown_changes import SHOWN, ShownInBulk, watch_shown_changes
from reviews_app.models.base import Base
from reviews_app.models.customer import Customer
from reviews_app.models.media import Media
from reviews_app.models.page_stamp import PageStamp
from reviews_app.models.product import Product
from reviews_app.models.review import ReviewReply
from reviews_app.models.store import Store
from tests.factories.media import make_media
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import START

HANDLES = [f"pack-{number}" for number in range(5)]


def furnish(app: Flask) -> None:
    with app.app_context(), transaction() as writing:
        for slug in ("larkspur", "juniper"):
            store = make_store(writing, slug)
            for handle in HANDLES:
                make_product(writing, store, handle)


def stamps() -> dict[UUID, tuple[UUID, str]]:
    reading().rollback()
    return {row.subject_id: (row.store_id, row.stamp) for row in reading().scalars(select(PageStamp))}


@contextmanager
def stamped_rows() -> Iterator[list[list[Any]]]:
    """What each statement that stamps is given, row by row."""
    sent: list[list[Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if "INTO page_stamp" in statement:
            sent.append(parameters if isinstance(parameters, list) else [parameters])

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def test_each_stamp_stands_beside_its_own_subject_and_its_own_store(app: Flask) -> None:
    furnish(app)
    with app.app_context():
        kept = stamps()
        for store in reading().scalars(select(Store)):
            assert kept[store.id][0] == store.id
        for product in reading().scalars(select(Product)):
            assert kept[product.id][0] == product.store_id
        assert len(kept) == 2 + 2 * len(HANDLES)
        assert len({stamp for _store, stamp in kept.values()}) == len(kept)


def test_pages_are_stamped_in_one_statement_by_the_order_of_their_ids(app: Flask) -> None:
    furnish(app)
    with app.app_context(), stamped_rows() as sent:
        with transaction() as writing:
            for product in writing.scalars(select(Product).order_by(Product.id.desc())).all():
                product.title = "Anew"
                writing.flush()
        (rows,) = sent
        ids = [str(row["subject_id"] if isinstance(row, dict) else row[0]).replace("-", "") for row in rows]
    assert len(ids) == 2 * len(HANDLES)
    assert ids == sorted(ids)


def test_a_page_changed_many_times_in_a_transaction_is_stamped_once(app: Flask) -> None:
    furnish(app)
    with app.app_context(), stamped_rows() as sent:
        with transaction() as writing:
            store = writing.scalars(select(Store).where(Store.slug == "larkspur")).one()
            for name in ("One", "Two", "Three"):
                store.name = name
                writing.flush()
        assert [len(rows) for rows in sent] == [1]


def test_a_value_written_as_it_was_is_no_change(app: Flask) -> None:
    furnish(app)
    with app.app_context(), stamped_rows() as sent:
        with transaction() as writing:
            for store in writing.scalars(select(Store)):
                store.name = str(store.name)
        assert sent == []


def test_a_picture_that_goes_to_another_review_changes_the_pages_of_both(app: Flask) -> None:
    furnish(app)
    with app.app_context():
        with transaction() as writing:
            store = writing.scalars(select(Store).where(Store.slug == "larkspur")).one()
            one, other, third = writing.scalars(select(Product).where(Product.store_id == store.id).limit(3)).all()
            product_ids = one.id, other.id, third.id
            from_review, to_review = (leave_review(writing, store, product) for product in (one, other))
            writing.flush()
            to_id, picture_id = to_review.id, make_media(writing, store, from_review).id
        before = stamps()
        with transaction() as writing:
            writing.get_one(Media, picture_id).review_id = to_id
        after = stamps()
        assert {one for one in before if before[one] != after[one]} == set(product_ids[:2])


def test_a_reply_that_is_deleted_changes_its_products_page_and_no_other(app: Flask) -> None:
    furnish(app)
    with app.app_context():
        with transaction() as writing:
            product = writing.scalars(select(Product).limit(1)).one()
            product_id = product.id
            review = leave_review(writing, writing.get_one(Store, product.store_id), product)
            writing.flush()
            writing.add(ReviewReply(store_id=product.store_id, review_id=review.id, body="Thanks.", created_at=START))
        before = stamps()
        with transaction() as writing:
            writing.delete(writing.scalars(select(ReviewReply)).one())
        after = stamps()
        assert {one for one in before if before[one] != after[one]} == {product_id}


@pytest.fixture
def watched() -> Session:
    """A session without a database: what is not refused fails for want of one."""
    sessions = scoped_session(sessionmaker())
    watch_shown_changes(sessions)
    return sessions()


def table_of(row: type[Base]) -> Table:
    assert isinstance(row.__table__, Table)
    return row.__table__


@pytest.mark.parametrize("row", SHOWN, ids=[one.__tablename__ for one in SHOWN])
def test_no_statement_over_many_rows_of_a_shown_table_gets_to_the_database(watched: Session, row: type[Base]) -> None:
    name = row.__tablename__
    for statement in (update(row), delete(row), insert(row), delete(table_of(row))):
        with pytest.raises(ShownInBulk, match=name):
            watched.execute(statement)


def test_other_tables_may_be_changed_by_the_many_and_all_may_be_read(watched: Session) -> None:
    for statement in (update(Customer).values(name=""), delete(Customer), *(select(row) for row in SHOWN)):
        with pytest.raises(UnboundExecutionError):
            watched.execute(statement)
