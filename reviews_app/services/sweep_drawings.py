"""Rings for logos and product pictures that were sent and never drawn: a bell may be lost, the row is there."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.product import ProductPictureUpload

RING_AGAIN = timedelta(minutes=2)
MOST = 100


def sweep_drawings(session: Session, *, now: datetime) -> int:
    """Ring for what waits longer than two minutes, the oldest first; gives for how many."""
    before = now - RING_AGAIN
    logos = select(MailStyle.id).where(MailStyle.logo_upload.is_not(None), MailStyle.logo_asked_at < before)
    pictures = select(ProductPictureUpload.id).where(
        ProductPictureUpload.upload.is_not(None), ProductPictureUpload.asked_at < before
    )
    of_mails = session.scalars(logos.order_by(MailStyle.logo_asked_at).limit(MOST)).all()
    of_products = session.scalars(pictures.order_by(ProductPictureUpload.asked_at).limit(MOST)).all()
    for row_id in of_mails:
        ring_after_commit(session, JobName.ENCODE_LOGO, row_id)
    for row_id in of_products:
        ring_after_commit(session, JobName.DRAW_PRODUCT_PICTURE, row_id)
    return len(of_mails) + len(of_products)
