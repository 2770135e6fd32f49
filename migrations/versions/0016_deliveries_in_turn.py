"""deliveries_in_turn."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_delivery_destination", table_name="delivery")
    op.create_index("ix_delivery_destination", "delivery", ["destination_id", "state", "next_at", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_delivery_destination", table_name="delivery")
    op.create_index("ix_delivery_destination", "delivery", ["destination_id", "state", "next_at"])
