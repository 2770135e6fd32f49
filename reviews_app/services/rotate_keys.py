"""Seals every secret anew with the newest encryption key."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from reviews_app.lib.sealed import Keyring, Sealed
from reviews_app.models.callback import CallbackSecret
from reviews_app.models.coupon import CouponCode
from reviews_app.models.destination import Destination
from reviews_app.models.outgoing_mail import OutgoingMail


def rotate_keys(session: Session, *, keyring: Keyring) -> int:
    """Gives how many secrets changed their key. Raises SealBroken when one cannot be opened: keep the old key then."""
    # Under locks: a key saved, or a mail that leaves, while this runs must not be overwritten with what was before.
    changed = 0
    keyed = or_(Destination.api_key.is_not(None), Destination.next_key.is_not(None))
    keys = select(Destination).where(keyed).order_by(Destination.id).with_for_update()
    for destination in session.scalars(keys.execution_options(populate_existing=True)):
        changed += _rotate_keys_of(destination, keyring)
    mails = select(OutgoingMail).where(OutgoingMail.message.is_not(None)).order_by(OutgoingMail.id).with_for_update()
    for mail in session.scalars(mails.execution_options(populate_existing=True)):
        if mail.message is not None and not keyring.is_current(mail.message):
            mail.message = _again(mail.message, keyring)
            changed += 1
    codes = select(CouponCode).order_by(CouponCode.id).with_for_update()
    for coupon in session.scalars(codes.execution_options(populate_existing=True)):
        if not keyring.is_current(coupon.code):
            coupon.code = _again(coupon.code, keyring)
            changed += 1
    callbacks = select(CallbackSecret).order_by(CallbackSecret.id).with_for_update()
    for one in session.scalars(callbacks.execution_options(populate_existing=True)):
        changed += _rotate_secret(one, keyring)
    return changed


def _rotate_keys_of(destination: Destination, keyring: Keyring) -> int:
    changed = 0
    if destination.api_key is not None and not keyring.is_current(destination.api_key):
        destination.api_key = _again(destination.api_key, keyring)
        changed += 1
    if destination.next_key is not None and not keyring.is_current(destination.next_key):
        destination.next_key = _again(destination.next_key, keyring)
        changed += 1
    return changed


def _rotate_secret(one: CallbackSecret, keyring: Keyring) -> int:
    changed = 0
    if not keyring.is_current(one.secret):
        one.secret = _again(one.secret, keyring)
        changed += 1
    if one.previous is not None and not keyring.is_current(one.previous):
        one.previous = _again(one.previous, keyring)
        changed += 1
    return changed


def _again(sealed: Sealed, keyring: Keyring) -> Sealed:
    return keyring.seal(keyring.open(sealed), last_four=sealed.last_four)
