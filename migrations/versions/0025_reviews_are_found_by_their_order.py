"""reviews_are_found_by_their_order."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_review_order", "review", ["order_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_review_order", table_name="review")
