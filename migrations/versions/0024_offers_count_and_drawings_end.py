"""offers_count_and_drawings_end."""

import sqlalchemy as sa
from alembic import op

import reviews_app.lib.column_types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TRIES = (("product_picture_upload", "tries"), ("product_picture", "mail_tries"), ("mail_style", "logo_tries"))


def upgrade() -> None:
    op.create_table(
        "media_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("upload_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sender_key", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("created_at", reviews_app.lib.column_types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_media_offer_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_offer")),
        sa.UniqueConstraint("name", name=op.f("uq_media_offer_name")),
    )
    for column in ("created_at", "form_id", "store_id"):
        op.create_index(op.f(f"ix_media_offer_{column}"), "media_offer", [column])
    for table, column in TRIES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for table, column in TRIES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    op.drop_table("media_offer")
