"""requests_are_found_by_their_mail."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_review_request_mail_id", "review_request", ["mail_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_review_request_mail_id", table_name="review_request")
