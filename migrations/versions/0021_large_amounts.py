"""large_amounts."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("file_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    # SQLite's integer holds both; building the table anew would take away what other tables point at.
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("product", "price_minor", existing_type=sa.Integer(), type_=sa.BigInteger())


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("UPDATE product SET price_minor = NULL WHERE price_minor > 2147483647")
        op.alter_column("product", "price_minor", existing_type=sa.BigInteger(), type_=sa.Integer())
    with op.batch_alter_table("file_import", schema=None) as batch_op:
        batch_op.drop_column("tries")
