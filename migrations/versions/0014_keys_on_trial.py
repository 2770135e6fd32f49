"""keys_on_trial."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("destination", sa.Column("next_key", sa.LargeBinary(), nullable=True))
    op.add_column("destination", sa.Column("next_url", sa.Text(), nullable=False, server_default=""))
    op.add_column("destination", sa.Column("healed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("destination", "healed_at")
    op.drop_column("destination", "next_url")
    op.drop_column("destination", "next_key")
