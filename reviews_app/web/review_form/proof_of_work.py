"""The one step past the limit: the page solves a small riddle (ALTCHA), each answer counts once."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

import orjson
from altcha.v1 import ChallengeOptions, Payload, create_challenge, verify_solution
from flask import current_app
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.models.spent_challenge import SpentChallenge
from reviews_app.web.tools import tools

HARDEST = 60_000
LASTS = timedelta(minutes=20)
LONGEST = 2000
FORM = {"algorithm": str, "challenge": str, "number": int, "salt": str, "signature": str}


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
    solved = _read(proof) if len(proof) <= LONGEST else None
    if solved is None:
        return False
    right, _ = verify_solution(solved, _key(), check_expires=True)
    return bool(right) and _spend(proof)


def _read(proof: str) -> Payload | None:
    """The answer when it has the form of one; whoever sends it may have put anything in its place."""
    try:
        told = orjson.loads(base64.b64decode(proof, validate=True))
    except ValueError:
        return None
    if not isinstance(told, dict) or any(not isinstance(told.get(name), kind) for name, kind in FORM.items()):
        return None
    # Two texts are compared in constant time only when both are ASCII.
    if not all(str(told[name]).isascii() for name in FORM):
        return None
    return Payload(**{name: told[name] for name in FORM})


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
