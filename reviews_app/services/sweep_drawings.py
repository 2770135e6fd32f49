"""Rings for pictures of merchants that were never drawn, or not for mails: a bell may be lost, the row is there."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

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
    rung = {
        JobName.ENCODE_LOGO: _waiting(session, MailStyle.logo_upload, MailStyle.logo_asked_at, now=now),
        JobName.DRAW_PRODUCT_PICTURE: _waiting(
            session, ProductPictureUpload.upload, ProductPictureUpload.asked_at, now=now
        ),
        JobName.DRAW_FOR_MAIL: _lacking(session),
    }
    for name, ids in rung.items():
        for row_id in ids:
            ring_after_commit(session, name, row_id)
    return sum(map(len, rung.values()))


def _waiting(
    session: Session, upload: InstrumentedAttribute[Any], asked: InstrumentedAttribute[Any], *, now: datetime
) -> list[UUID]:
    """The rows whose upload waits, noted as asked for."""
    table = asked.class_
    due = select(table.id).where(upload.is_not(None), asked < now - RING_AGAIN).order_by(asked).limit(MOST)
    ids = session.scalars(due.with_for_update(skip_locked=True)).all()
    session.execute(update(table).where(table.id.in_(ids)).values({asked: now}))
    return list(ids)


def _lacking(session: Session) -> list[UUID]:
    """What was drawn before mails had pictures of their own. A job that finds it done does nothing."""
    lacking = select(ProductPicture.id).where(ProductPicture.mail_file.is_(None))
    return list(session.scalars(lacking.order_by(ProductPicture.id).limit(MOST)).all())
