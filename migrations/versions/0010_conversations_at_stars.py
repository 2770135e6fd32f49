"""conversations_at_stars."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("destination", sa.Column("opens_at", sa.Integer(), nullable=False, server_default="2"))


def downgrade() -> None:
    op.drop_column("destination", "opens_at")
