"""Fills a coupon's pool: codes from the shop, or codes made here for the shop to take in."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.models.coupon import Coupon, CouponCode
from reviews_app.services.give_reward import give_rewards
from reviews_app.services.tools import Tools
from reviews_app.services.warn_of_few_codes import FEW, free_up_to

# Without letters and digits that are mistaken for one another.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
PART = 4
MOST_AT_ONCE = 20_000
CHUNK = 500


@dataclass(frozen=True, slots=True)
class AddedCodes:
    """How many are new to the store, and how many it had before, in whatever coupon."""

    added: int
    known: int


def add_codes(session: Session, coupon: Coupon, codes: Sequence[str], *, tools: Tools) -> AddedCodes:
    """Seal them and put them in, give what was owed, and let the next warning come when they run out again.

    A code the store has already is left out, also when it was written in other capitals. Raises SealBroken.
    """
    wait_for_others(session, f"codes of {coupon.store_id}")
    by_print = {_fingerprint(code, tools): code for code in codes}
    known = _known(session, coupon, list(by_print))
    new = [one for one in by_print if one not in known]
    now = tools.clock()
    rows = [
        {
            "id": tools.make_id(),
            "store_id": coupon.store_id,
            "coupon_id": coupon.id,
            "code": tools.keyring.seal(by_print[one]),
            "fingerprint": one,
            "added_at": now,
        }
        for one in new
    ]
    if rows:
        session.execute(insert(CouponCode), rows)
    session.flush()
    give_rewards(session, tools=tools, coupon_id=coupon.id)
    if free_up_to(session, coupon, FEW + 1) > FEW:
        coupon.low_told_at = None
    session.flush()
    return AddedCodes(added=len(new), known=len(codes) - len(new))


def make_codes(prefix: str, count: int) -> list[str]:
    """Codes nobody guesses, each with the prefix: `THANKS-7KQ2-M9XD`."""
    start = f"{prefix}-" if prefix else ""
    return [f"{start}{_part()}-{_part()}" for _ in range(count)]


def _part() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(PART))


def _known(session: Session, coupon: Coupon, prints: list[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for start in range(0, len(prints), CHUNK):
        rows = select(CouponCode.fingerprint).where(
            CouponCode.store_id == coupon.store_id, CouponCode.fingerprint.in_(prints[start : start + CHUNK])
        )
        found.update(session.scalars(rows))
    return found


def _fingerprint(code: str, tools: Tools) -> bytes:
    """Keyed: short codes could be guessed from a plain hash in a copied database."""
    return hmac.new(tools.settings.secret_key.encode(), f"coupon {code.casefold()}".encode(), hashlib.sha256).digest()
