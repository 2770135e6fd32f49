"""media is seen by key."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MEDIA = sa.table("media", sa.column("id", sa.Uuid()), sa.column("view_key", sa.Text()))


def upgrade() -> None:
    op.add_column("media", sa.Column("view_key", sa.Text(), nullable=False, server_default=""))
    rows = op.get_bind()
    for (media_id,) in rows.execute(sa.select(MEDIA.c.id)).all():
        rows.execute(sa.update(MEDIA).where(MEDIA.c.id == media_id).values(view_key=secrets.token_urlsafe(16)))


def downgrade() -> None:
    op.drop_column("media", "view_key")
