import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from reviews_app.config import AppMode, Settings
from reviews_app.db.database import dispose_database, engine
from reviews_app.factory import create_app
from reviews_app.models.tables import METADATA
from tests.architecture.source import TOP
from tests.conftest import ENCRYPTION_KEY, cluster_of

VERSIONS = sorted((TOP / "migrations" / "versions").glob("*.py"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path, pytestconfig: pytest.Config) -> str:
    """A database without a single table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.sqlite3'}"
    return cluster_of(pytestconfig).new_database(with_tables=False)


def app_on(url: str, folder: Path) -> Flask:
    """The application on a database without tables."""
    settings = Settings(
        app_mode=AppMode.TEST,
        data_dir=folder,
        database_url=url,
        secret_key="a" * 40,
        encryption_keys=ENCRYPTION_KEY,
    )
    return create_app(settings)


def test_migrations_are_numbered_one_after_the_other() -> None:
    assert [path.name[:4] for path in VERSIONS] == [f"{place:04d}" for place in range(1, len(VERSIONS) + 1)]
    parents = [re.search(r'down_revision = (?:"(\d+)"|None)', path.read_text()) for path in VERSIONS]
    assert [found.group(1) if found else "" for found in parents] == [None, *(path.name[:4] for path in VERSIONS[:-1])]


ROWS_OF_0001 = """
INSERT INTO store (id, slug, name, languages, time_zone, home_country, currency, reply_address, postal_address,
    publishing, created_at) VALUES (:one, 's', 'S', '["en"]', 'UTC', 'US', 'USD', '', '', 'at_once', :now);
INSERT INTO customer (id, store_id, email, email_key, name, created_at)
    VALUES (:one, :one, 'a@example.com', 'a@example.com', 'Ana', :now);
INSERT INTO product (id, store_id, shop_id, handle, title, description, currency, position, created_at)
    VALUES (:one, :one, 'p', 'p', 'P', '', 'USD', 1, :now);
INSERT INTO "order" (id, store_id, customer_id, shop_id, number, placed_at) VALUES (:one, :one, :one, '1', '#1', :now);
INSERT INTO order_line (id, store_id, order_id, product_id, quantity, position) VALUES (:one, :one, :one, :one, 1, 0);
INSERT INTO order_line (id, store_id, order_id, product_id, quantity, position) VALUES (:two, :one, :one, :one, 1, 1);
"""


def test_orders_from_before_their_facts_were_kept_survive_both_ways(empty_url: str, tmp_path: Path) -> None:
    app = app_on(empty_url, tmp_path)
    names = {"one": "0" * 31 + "1", "two": "0" * 31 + "2", "now": "2026-11-23 12:00:00+00:00"}
    with app.app_context():
        upgrade(revision="0001")
        with engine().begin() as connection:
            for statement in ROWS_OF_0001.strip().split(";\n"):
                connection.execute(text(statement.rstrip(";")), names)
        upgrade()
        with engine().connect() as connection:
            assert connection.execute(text('SELECT buyer_name FROM "order"')).scalars().all() == ["Ana"]
            assert len(set(connection.execute(text("SELECT shop_id FROM order_line")).scalars())) == 2
        downgrade(revision="0001")
        with engine().connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM order_line")).scalar() == 2
    dispose_database(app)


SAID_NO = """
INSERT INTO store (id, slug, name, languages, time_zone, home_country, currency, reply_address, postal_address,
    publishing, created_at) VALUES (:one, 's', 'S', '["en"]', 'UTC', 'US', 'USD', '', '', 'at_once', :now);
INSERT INTO customer (id, store_id, email, email_key, name, created_at, unsubscribed_at)
    VALUES (:one, :one, 'a@example.com', 'a@example.com', 'Ana', :now, :now);
INSERT INTO customer (id, store_id, email, email_key, name, created_at)
    VALUES (:two, :one, 'b@example.com', 'b@example.com', 'Ben', :now);
"""


def test_who_said_no_before_there_was_a_table_for_it_keeps_it_both_ways(empty_url: str, tmp_path: Path) -> None:
    app = app_on(empty_url, tmp_path)
    names = {"one": "0" * 31 + "1", "two": "0" * 31 + "2", "now": "2026-11-23 12:00:00+00:00"}
    with app.app_context():
        upgrade(revision="0006")
        with engine().begin() as connection:
            for statement in SAID_NO.strip().split(";\n"):
                connection.execute(text(statement.rstrip(";")), names)
        upgrade()
        with engine().connect() as connection:
            rows = connection.execute(text("SELECT email_key, reason FROM suppression")).all()
            assert rows == [("a@example.com", "unsubscribed")]
        downgrade(revision="0006")
        with engine().connect() as connection:
            kept = connection.execute(text("SELECT email FROM customer WHERE unsubscribed_at IS NOT NULL"))
            assert kept.scalars().all() == ["a@example.com"]
    dispose_database(app)


PRICED = """
INSERT INTO store (id, slug, name, languages, time_zone, home_country, currency, reply_address, postal_address,
    publishing, created_at) VALUES (:one, 's', 'S', '["en"]', 'UTC', 'US', 'USD', '', '', 'at_once', :now);
INSERT INTO product (id, store_id, shop_id, handle, title, description, currency, position, created_at, price_minor)
    VALUES (:one, :one, 'p', 'p', 'P', '', 'USD', 1, :now, 8900);
INSERT INTO product_variant (id, store_id, product_id, shop_id, name, sku, position)
    VALUES (:one, :one, :one, 'v', 'Moss', '', 0);
"""


def test_prices_outgrow_thirty_two_bits_and_go_back_as_far_as_they_fit(empty_url: str, tmp_path: Path) -> None:
    app = app_on(empty_url, tmp_path)
    names = {"one": "0" * 31 + "1", "now": "2026-11-23 12:00:00+00:00"}
    prices = text("SELECT price_minor FROM product ORDER BY price_minor")
    dear = text(
        "INSERT INTO product (id, store_id, shop_id, handle, title, description, currency, position, is_sketch,"
        " created_at, price_minor) VALUES (:two, :one, 'd', 'd', 'D', '', 'IDR', 2, :no, :now, 2500000000)"
    )
    with app.app_context():
        upgrade(revision="0001")
        with engine().begin() as connection:
            for statement in PRICED.strip().split(";\n"):
                connection.execute(text(statement.rstrip(";")), names)
        upgrade()
        with engine().begin() as connection:
            connection.execute(dear, names | {"two": "0" * 31 + "2", "no": False})
            assert connection.execute(prices).scalars().all() == [8900, 2_500_000_000]
        downgrade(revision="0020")
        with engine().connect() as connection:
            assert 8900 in connection.execute(prices).scalars().all()
            assert connection.execute(text("SELECT count(*) FROM product_variant")).scalar() == 1
    dispose_database(app)


def test_migrations_make_exactly_the_models_and_take_them_away_again(empty_url: str, tmp_path: Path) -> None:
    app = app_on(empty_url, tmp_path)
    with app.app_context():
        upgrade()
        with engine().connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, METADATA) == []
            assert connection.execute(text("SELECT count(*) FROM store")).scalar() == 0
        downgrade(revision="base")
        left = set(inspect(engine()).get_table_names()) - {"alembic_version"}
    dispose_database(app)
    assert left == set()
