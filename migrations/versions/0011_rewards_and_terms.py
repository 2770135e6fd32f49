"""rewards_and_terms."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coupon",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("low_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_coupon_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("store_id", "description", name=op.f("uq_coupon_store_id_description")),
    )
    with op.batch_alter_table("coupon", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coupon_store_id"), ["store_id"], unique=False)

    op.create_table(
        "coupon_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["coupon_id"], ["coupon.id"], name=op.f("fk_coupon_code_coupon_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_coupon_code_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_code")),
        sa.UniqueConstraint("store_id", "fingerprint", name=op.f("uq_coupon_code_store_id_fingerprint")),
    )
    with op.batch_alter_table("coupon_code", schema=None) as batch_op:
        batch_op.create_index("ix_coupon_code_free", ["coupon_id", "given_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coupon_code_store_id"), ["store_id"], unique=False)

    op.create_table(
        "reward_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("for_links", sa.Boolean(), nullable=False),
        sa.Column("for_button", sa.Boolean(), nullable=False),
        sa.Column("mailed", sa.String(length=32), nullable=False),
        sa.Column("text_coupon_id", sa.Uuid(), nullable=True),
        sa.Column("photo_coupon_id", sa.Uuid(), nullable=True),
        sa.Column("video_coupon_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["photo_coupon_id"], ["coupon.id"], name=op.f("fk_reward_terms_photo_coupon_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_reward_terms_store_id")),
        sa.ForeignKeyConstraint(["text_coupon_id"], ["coupon.id"], name=op.f("fk_reward_terms_text_coupon_id")),
        sa.ForeignKeyConstraint(["video_coupon_id"], ["coupon.id"], name=op.f("fk_reward_terms_video_coupon_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_terms")),
        sa.UniqueConstraint("store_id", "version", name=op.f("uq_reward_terms_store_id_version")),
    )
    with op.batch_alter_table("reward_terms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_terms_store_id"), ["store_id"], unique=False)

    op.create_table(
        "reward",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("is_proven", sa.Boolean(), nullable=False),
        sa.Column("language_code", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=True),
        sa.Column("code_id", sa.Uuid(), nullable=True),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["code_id"], ["coupon_code.id"], name=op.f("fk_reward_code_id")),
        sa.ForeignKeyConstraint(["coupon_id"], ["coupon.id"], name=op.f("fk_reward_coupon_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["outgoing_mail.id"], name=op.f("fk_reward_mail_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_reward_review_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_reward_store_id")),
        sa.ForeignKeyConstraint(["terms_id"], ["reward_terms.id"], name=op.f("fk_reward_terms_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
        sa.UniqueConstraint("code_id", name=op.f("uq_reward_code_id")),
        sa.UniqueConstraint("review_id", name=op.f("uq_reward_review_id")),
        sa.UniqueConstraint("store_id", "occasion", name=op.f("uq_reward_store_id_occasion")),
    )
    with op.batch_alter_table("reward", schema=None) as batch_op:
        batch_op.create_index("ix_reward_state", ["state", "coupon_id", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reward_store_id"), ["store_id"], unique=False)
        batch_op.create_index("ix_reward_store_newest", ["store_id", "created_at", "id"], unique=False)

    with op.batch_alter_table("review_confirmation", schema=None) as batch_op:
        batch_op.alter_column("order_id", existing_type=sa.Uuid(), nullable=True)

    op.add_column("review_request", sa.Column("terms_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("review_request", "terms_id")

    # A question without an order has no place in the table as it was.
    op.execute("DELETE FROM review_confirmation WHERE order_id IS NULL")
    with op.batch_alter_table("review_confirmation", schema=None) as batch_op:
        batch_op.alter_column("order_id", existing_type=sa.Uuid(), nullable=False)

    with op.batch_alter_table("reward", schema=None) as batch_op:
        batch_op.drop_index("ix_reward_store_newest")
        batch_op.drop_index(batch_op.f("ix_reward_store_id"))
        batch_op.drop_index("ix_reward_state")

    op.drop_table("reward")
    with op.batch_alter_table("reward_terms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reward_terms_store_id"))

    op.drop_table("reward_terms")
    with op.batch_alter_table("coupon_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coupon_code_store_id"))
        batch_op.drop_index("ix_coupon_code_free")

    op.drop_table("coupon_code")
    with op.batch_alter_table("coupon", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coupon_store_id"))

    op.drop_table("coupon")
