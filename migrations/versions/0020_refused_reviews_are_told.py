"""refused_reviews_are_told."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("destination", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_refusal_untold", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("refusal_told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("destination", schema=None) as batch_op:
        batch_op.drop_column("refusal_told_at")
        batch_op.drop_column("is_refusal_untold")
