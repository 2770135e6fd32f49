"""pictures have words and an order."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MEDIA = (
    sa.Column("upload_key", sa.Text(), nullable=False, server_default=""),
    sa.Column("caption", sa.Text(), nullable=False, server_default=""),
    sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.false()),
)


def upgrade() -> None:
    for column in MEDIA:
        op.add_column("media", column)
    # Keys are unique in their form; what is there already is known by its name.
    op.execute("UPDATE media SET upload_key = name")
    op.drop_index("ix_media_form", table_name="media")
    op.create_index("ix_media_form", "media", ["store_id", "form_id", "upload_key"], unique=True)
    op.create_index("ix_review_gallery", "review", ["product_id", "state", "has_media", "created_at", "id"])
    op.create_table(
        "media_hiding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_by", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["hidden_by"], ["account.id"], name=op.f("fk_media_hiding_hidden_by")),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_media_hiding_media_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shown_by"], ["account.id"], name=op.f("fk_media_hiding_shown_by")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_media_hiding_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_hiding")),
    )
    op.create_index(op.f("ix_media_hiding_media_id"), "media_hiding", ["media_id"])
    op.create_index(op.f("ix_media_hiding_store_id"), "media_hiding", ["store_id"])


def downgrade() -> None:
    op.drop_table("media_hiding")
    op.drop_index("ix_review_gallery", table_name="review")
    op.drop_index("ix_media_form", table_name="media")
    op.create_index("ix_media_form", "media", ["store_id", "form_id"])
    for column in MEDIA:
        op.drop_column("media", column.name)
