"""forms_are_stamped."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("page_stamp", schema=None) as batch_op:
        batch_op.add_column(sa.Column("form_stamp", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE page_stamp SET form_stamp = stamp")


def downgrade() -> None:
    with op.batch_alter_table("page_stamp", schema=None) as batch_op:
        batch_op.drop_column("form_stamp")
