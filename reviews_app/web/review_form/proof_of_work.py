"""The one step past the limit: the page solves a small riddle (ALTCHA), each answer counts once."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import orjson
from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from flask import current_app
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.models.spent_challenge import SpentChallenge
from reviews_app.web.tools import tools

HARDEST = 60_000
LASTS = timedelta(minutes=20)


def new_challenge() -> dict[str, Any]:
    """A riddle as the page's script takes it: about a second on a phone."""
    expires = tools().clock() + LASTS
    options = ChallengeOptions(hmac_key=_key(), max_number=HARDEST, expires=expires)
    made = create_challenge(options)
    return {
        "algorithm": made.algorithm,
        "challenge": made.challenge,
        "salt": made.salt,
        "maxnumber": HARDEST,
        "signature": made.signature,
    }


def is_proved(proof: str) -> bool:
    """Whether a riddle of ours was solved, in time, for the first time."""
    if not proof or len(proof) > 2000:
        return False
    try:
        right, _ = verify_solution(proof, _key(), check_expires=True)
    except (ValueError, KeyError, TypeError, orjson.JSONDecodeError):
        return False
    return bool(right) and _spend(proof)


def _spend(proof: str) -> bool:
    now = tools().clock()
    try:
        with transaction() as writing:
            forget_old(writing, now=now)
            writing.add(SpentChallenge(digest=hashlib.sha256(proof.encode()).hexdigest(), expires_at=now + LASTS))
            writing.flush()
    except IntegrityError:
        return False
    return True


def forget_old(session: Session, *, now: datetime) -> None:
    """Riddles that ran out cannot be handed in any more."""
    session.execute(delete(SpentChallenge).where(SpentChallenge.expires_at < now))


def _key() -> str:
    return f"proof of work {current_app.secret_key!r}"
