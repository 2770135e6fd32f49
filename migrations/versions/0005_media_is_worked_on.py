"""media is worked on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MEDIA = (
    sa.Column("trouble", sa.String(length=32), nullable=True),
    sa.Column("sender_key", sa.Text(), nullable=False, server_default=""),
    sa.Column("stored_bytes", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("duration_ms", sa.Integer(), nullable=True),
    sa.Column("has_avif", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("has_original", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
)
STORE = (
    sa.Column("most_media", sa.Integer(), nullable=False, server_default="8"),
    sa.Column("most_picture_mb", sa.Integer(), nullable=False, server_default="15"),
    sa.Column("most_video_mb", sa.Integer(), nullable=False, server_default="90"),
    sa.Column("most_video_seconds", sa.Integer(), nullable=False, server_default="60"),
    sa.Column("media_quota_mb", sa.Integer(), nullable=False, server_default="10240"),
    sa.Column("keeps_originals", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("media_link_days", sa.Integer(), nullable=True),
)


def upgrade() -> None:
    for column in MEDIA:
        op.add_column("media", column)
    for column in STORE:
        op.add_column("store", column)
    op.create_index("ix_media_sender", "media", ["store_id", "sender_key", "created_at"])
    # What was uploaded and not yet worked on has its original still.
    op.execute("UPDATE media SET has_original = true WHERE state = 'uploaded'")


def downgrade() -> None:
    op.drop_index("ix_media_sender", table_name="media")
    for column in STORE:
        op.drop_column("store", column.name)
    for column in MEDIA:
        op.drop_column("media", column.name)
