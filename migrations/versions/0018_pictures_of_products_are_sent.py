"""pictures_of_products_are_sent."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_picture_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("upload", sa.LargeBinary(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_picture_upload_product_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_product_picture_upload_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_picture_upload")),
    )
    with op.batch_alter_table("product_picture_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_picture_upload_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_picture_upload_store_id"), ["store_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("product_picture_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_picture_upload_store_id"))
        batch_op.drop_index(batch_op.f("ix_product_picture_upload_product_id"))

    op.drop_table("product_picture_upload")
