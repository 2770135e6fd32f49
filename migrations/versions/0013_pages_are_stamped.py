"""pages_are_stamped."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_stamp",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_page_stamp_store_id")),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_page_stamp")),
    )
    with op.batch_alter_table("page_stamp", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_stamp_store_id"), ["store_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("page_stamp", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_stamp_store_id"))
    op.drop_table("page_stamp")
