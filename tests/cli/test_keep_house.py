from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.models.delivery import Delivery
from reviews_app.models.destination import Destination
from reviews_app.models.rating import ProductRating
from reviews_app.models.store import Store
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store


def run(app: Flask, *arguments: str) -> str:
    return app.test_cli_runner().invoke(args=list(arguments)).output


def left_review(session: Session) -> None:
    store = make_store(session)
    make_destination(session, store)
    leave_review(session, store, make_product(session, store))


def test_reconcile_finds_a_row_deleted_by_hand_and_recreates_it_with_its_id(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            left_review(session)
        before = reading().scalars(select(Delivery.id)).one()
        with transaction() as session:
            session.execute(delete(Delivery))
        assert "deliveries recreated: 1" in run(app, "reconcile")
        assert "deliveries recreated: 0" in run(app, "reconcile")
        reading().rollback()
        assert reading().scalars(select(Delivery.id)).one() == before


def test_recount_mends_a_wrong_count(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            left_review(session)
            session.scalars(select(ProductRating)).one().n5 = 7
        assert "products recounted: 1" in run(app, "recount")
        assert reading().scalars(select(ProductRating)).one().counts == (0, 0, 0, 1, 0)


def test_rotating_seals_anew_with_the_newest_key(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            left_review(session)
        assert "secrets sealed anew: 0" in run(app, "rotate-keys")
        with transaction() as session:
            destination = session.scalars(select(Destination)).one()
            assert destination.api_key is not None
            destination.api_key = type(destination.api_key)("old", "abcd", destination.api_key.ciphertext)
        assert "secrets sealed anew: 1" in run(app, "rotate-keys")


def test_a_new_store_prints_its_owners_link_once(app: Flask) -> None:
    shown = run(app, "create-store", "juniper", "--name", "Juniper & Sons")
    assert "http://shop.test/merchant/join/" in shown
    assert "There is a store named juniper already." in run(app, "create-store", "juniper")
    assert "small letters" in run(app, "create-store", "No Good")
    with app.app_context():
        assert reading().scalars(select(Store.name)).all() == ["Juniper & Sons"]


def test_a_new_encryption_key_can_be_used(app: Flask) -> None:
    assert len(run(app, "new-encryption-key").strip()) == 44
