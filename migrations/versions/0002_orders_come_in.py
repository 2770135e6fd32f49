"""orders_come_in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "callback_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_callback_event_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_event")),
        sa.UniqueConstraint(
            "store_id", "source", "event_key", name=op.f("uq_callback_event_store_id_source_event_key")
        ),
    )
    with op.batch_alter_table("callback_event", schema=None) as batch_op:
        batch_op.create_index("ix_callback_event_received", ["store_id", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_callback_event_store_id"), ["store_id"], unique=False)

    op.create_table(
        "callback_secret",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_callback_secret_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_secret")),
        sa.UniqueConstraint("store_id", "source", name=op.f("uq_callback_secret_store_id_source")),
    )
    with op.batch_alter_table("callback_secret", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_callback_secret_store_id"), ["store_id"], unique=False)

    op.create_table(
        "file_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("error_count", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enqueued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_file_import_account_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_file_import_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_import")),
    )
    with op.batch_alter_table("file_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_import_store_id"), ["store_id"], unique=False)

    op.create_table(
        "shop_facts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("shop_id", sa.Text(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_shop_facts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_facts")),
        sa.UniqueConstraint("store_id", "about", "shop_id", name=op.f("uq_shop_facts_store_id_about_shop_id")),
    )
    with op.batch_alter_table("shop_facts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shop_facts_store_id"), ["store_id"], unique=False)

    for name in ("buyer_name", "consent_text"):
        op.add_column("order", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("locale", "time_zone"):
        op.add_column("order", sa.Column(name, sa.Text(), nullable=True))
    for name in ("delivered_at", "cancelled_at", "consent_at", "changed_at"):
        op.add_column("order", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("order", sa.Column("consent_basis", sa.String(length=32), nullable=True))
    op.add_column("order", sa.Column("has_unnamed_refund", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_order_store_changed", "order", ["store_id", "changed_at"])
    op.execute(
        'UPDATE "order" SET buyer_name = (SELECT customer.name FROM customer WHERE customer.id = "order".customer_id)'
    )

    op.add_column("order_line", sa.Column("shop_id", sa.Text(), nullable=False, server_default=""))
    op.add_column("order_line", sa.Column("refunded_quantity", sa.Integer(), nullable=False, server_default="0"))
    # Lines had no name of their own; their id is one.
    op.execute("UPDATE order_line SET shop_id = CAST(id AS TEXT)")
    op.create_index("ix_order_line_order_shop_id", "order_line", ["order_id", "shop_id"], unique=True)

    op.add_column("product", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("product", sa.Column("is_sketch", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    # Plain statements: SQLite would build the tables anew in a batch, and orders are pointed at.
    op.drop_column("product", "is_sketch")
    op.drop_column("product", "withdrawn_at")
    op.drop_index("ix_order_line_order_shop_id", table_name="order_line")
    op.drop_column("order_line", "refunded_quantity")
    op.drop_column("order_line", "shop_id")
    op.drop_index("ix_order_store_changed", table_name="order")
    for name in (
        "has_unnamed_refund",
        "consent_basis",
        "changed_at",
        "consent_at",
        "cancelled_at",
        "delivered_at",
        "time_zone",
        "locale",
        "consent_text",
        "buyer_name",
    ):
        op.drop_column("order", name)

    with op.batch_alter_table("shop_facts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shop_facts_store_id"))

    op.drop_table("shop_facts")
    with op.batch_alter_table("file_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_import_store_id"))

    op.drop_table("file_import")
    with op.batch_alter_table("callback_secret", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_callback_secret_store_id"))

    op.drop_table("callback_secret")
    with op.batch_alter_table("callback_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_callback_event_store_id"))
        batch_op.drop_index("ix_callback_event_received")

    op.drop_table("callback_event")
