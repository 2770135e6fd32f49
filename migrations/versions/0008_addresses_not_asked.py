"""addresses_not_asked."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Who had said no keeps it, under the customer's own id; an erased customer has no address left to keep.
CARRY_OVER = """
INSERT INTO suppression (id, store_id, email_key, reason, detail, since)
SELECT id, store_id, email_key, 'unsubscribed', '', unsubscribed_at FROM customer
WHERE unsubscribed_at IS NOT NULL AND email_key NOT LIKE 'erased-%'
"""
TAKE_BACK = """
UPDATE customer SET unsubscribed_at = (
    SELECT since FROM suppression
    WHERE suppression.store_id = customer.store_id AND suppression.email_key = customer.email_key
    AND suppression.reason = 'unsubscribed'
)
"""


def upgrade() -> None:
    op.create_table(
        "suppression",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_suppression_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("store_id", "email_key", "reason", name=op.f("uq_suppression_store_id_email_key_reason")),
    )
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suppression_store_id"), ["store_id"], unique=False)
    op.execute(sa.text(CARRY_OVER))
    op.drop_column("customer", "unsubscribed_at")


def downgrade() -> None:
    op.add_column("customer", sa.Column("unsubscribed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text(TAKE_BACK))
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suppression_store_id"))
    op.drop_table("suppression")
