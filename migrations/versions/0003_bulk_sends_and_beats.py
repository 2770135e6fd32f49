"""bulk sends and beats."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clock_beat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_clock_beat")),
    )
    op.create_table(
        "bulk_send",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("destination_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("after_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["destination_id"], ["destination.id"], name=op.f("fk_bulk_send_destination_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_bulk_send_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_send")),
    )
    with op.batch_alter_table("bulk_send", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_send_destination_id"), ["destination_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bulk_send_store_id"), ["store_id"], unique=False)

    with op.batch_alter_table("destination", schema=None) as batch_op:
        batch_op.add_column(sa.Column("off_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("is_heal_untold", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("destination", schema=None) as batch_op:
        batch_op.drop_column("is_heal_untold")
        batch_op.drop_column("off_since")

    with op.batch_alter_table("bulk_send", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_send_store_id"))
        batch_op.drop_index(batch_op.f("ix_bulk_send_destination_id"))

    op.drop_table("bulk_send")
    op.drop_table("clock_beat")
