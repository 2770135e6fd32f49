"""Tells the merchant ahead that codes run out."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.mail.reward_notice import few_codes_notice
from reviews_app.models.coupon import Coupon, CouponCode
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.store import Store
from reviews_app.services.mail_owners import mail_owners
from reviews_app.services.tools import Tools

FEW = 20


def free_up_to(session: Session, coupon: Coupon, most: int) -> int:
    """How many codes are free, counted no further than `most`."""
    free = select(CouponCode.id).where(CouponCode.coupon_id == coupon.id, CouponCode.given_at.is_(None)).limit(most)
    return session.scalar(select(func.count()).select_from(free.subquery())) or 0


def warn_of_few_codes(session: Session, coupon: Coupon, *, tools: Tools) -> int:
    """One mail to each owner when few codes are left, not again before there were enough; gives how many mails."""
    left = free_up_to(session, coupon, FEW + 1)
    if left > FEW or coupon.low_told_at is not None:
        return 0
    coupon.low_told_at = tools.clock()
    store = session.get_one(Store, coupon.store_id)
    content = few_codes_notice(
        store_name=store.name,
        description=coupon.description,
        left=left,
        link=tools.addresses.reward_settings(store.slug),
    )
    return mail_owners(session, store, content, kind=MailKind.REWARD_NOTICE, tools=tools)
