"""mails_have_pictures_of_their_own."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("product_picture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail_file", sa.Text(), nullable=True))
    with op.batch_alter_table("mail_style", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_style_logo_name"), ["logo_name"], unique=False)
    # No address ever showed a logo, and its files went after half a day: the store's name stands in its place.
    op.execute(
        "UPDATE mail_style SET logo_name = '', logo_width = NULL, logo_height = NULL,"
        " logo_trouble = 'The logo could not be kept. Send the file again.' WHERE logo_name <> ''"
    )


def downgrade() -> None:
    with op.batch_alter_table("mail_style", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_style_logo_name"))
    with op.batch_alter_table("product_picture", schema=None) as batch_op:
        batch_op.drop_column("mail_file")
