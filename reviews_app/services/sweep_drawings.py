"""Rings for pictures of merchants that were never drawn, or not for mails: a bell may be lost, the row is there."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.product import ProductPicture, ProductPictureUpload

RING_AGAIN = timedelta(minutes=2)
MOST = 100


def sweep_drawings(session: Session, *, now: datetime) -> int:
    """Ring for what nobody was asked to draw in two minutes, the oldest first, and for what mails lack; gives for how
    many.
    """
    return _of_mails(session, now) + _of_products(session, now) + _for_mails(session)


def _of_mails(session: Session, now: datetime) -> int:
    asked = MailStyle.logo_asked_at
    waiting = select(MailStyle).where(MailStyle.logo_upload.is_not(None), asked < now - RING_AGAIN)
    rows = session.scalars(waiting.order_by(asked).limit(MOST).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.logo_asked_at = now
        ring_after_commit(session, JobName.ENCODE_LOGO, row.id)
    return len(rows)


def _of_products(session: Session, now: datetime) -> int:
    asked = ProductPictureUpload.asked_at
    waiting = select(ProductPictureUpload).where(ProductPictureUpload.upload.is_not(None), asked < now - RING_AGAIN)
    rows = session.scalars(waiting.order_by(asked).limit(MOST).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.asked_at = now
        ring_after_commit(session, JobName.DRAW_PRODUCT_PICTURE, row.id)
    return len(rows)


def _for_mails(session: Session) -> int:
    """What was drawn before mails had pictures of their own. A job that finds it done does nothing."""
    lacking = select(ProductPicture.id).where(ProductPicture.mail_file.is_(None))
    ids = session.scalars(lacking.order_by(ProductPicture.id).limit(MOST)).all()
    for picture_id in ids:
        ring_after_commit(session, JobName.DRAW_FOR_MAIL, picture_id)
    return len(ids)
