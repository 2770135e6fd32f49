"""Limits stop floods, not people: past them a shopper's page proves itself, nobody is locked out."""

import time
from typing import cast

import structlog
from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from reviews_app.config import Limits, Settings
from reviews_app.db.after_commit import QUIET_SECONDS, SOCKET_SECONDS
from reviews_app.lib.people import email_key
from reviews_app.services.media_quotas import FILES_A_DAY
from reviews_app.web.error_pages import error_page

REVIEWS = RateLimitItemPerMinute(60)
MISSES = RateLimitItemPerMinute(50)
SIGN_INS = RateLimitItemPerMinute(20)
# Of one account from one address only: nobody can lock somebody else out.
TRIES = RateLimitItemPerMinute(10)
RESETS = RateLimitItemPerHour(5)
OFFERS = RateLimitItemPerDay(FILES_A_DAY)
# Files taken back are counted as well, which the rows of a day do not tell; and so are tries that came to nothing.
FILES = RateLimitItemPerDay(2 * FILES_A_DAY)
TEST_MAILS = RateLimitItemPerHour(20)
LONGEST_ADDRESS = 254
FLOODS = "floods"

log = structlog.get_logger()


class Floods:
    """Counts by caller, over all processes while Redis answers, in this one while it does not."""

    def __init__(self, settings: Settings) -> None:
        self._is_off = settings.limits is Limits.OFF
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = _shared(settings.redis_url)
        self._quiet_until = 0.0

    def has_room(self, limit: RateLimitItem, *names: str) -> bool:
        """Count one and say whether it was still within the limit. Never raises, never waits for long."""
        if self._is_off:
            return True
        if self._shared is not None and time.monotonic() >= self._quiet_until:
            try:
                return self._shared.hit(limit, *names)
            except RedisError as failure:
                self._quiet_until = time.monotonic() + QUIET_SECONDS
                log.warning("limits counted here alone", failure=type(failure).__name__)
        return self._own.hit(limit, *names)


def register_limits(app: Flask, settings: Settings) -> None:
    """One counter an application."""
    app.extensions[FLOODS] = Floods(settings)


def may_submit() -> bool:
    """Whether this address sent fewer than 60 reviews in the last minute."""
    return _floods().has_room(REVIEWS, "reviews", request.remote_addr or "")


def may_be_offered(sender_key: str) -> bool:
    """Whether this sender was offered fewer places in the bucket today than one may send files to a store."""
    return _floods().has_room(OFFERS, "offers", sender_key)


def may_send_a_file(sender_key: str) -> bool:
    """Whether this sender sent fewer than 200 files to a store today, those taken back again among them."""
    return not sender_key or _floods().has_room(FILES, "files", sender_key)


def may_miss_a_link() -> bool:
    """Whether this address asked for fewer than 50 links in the last minute that are none."""
    return _floods().has_room(MISSES, "links", request.remote_addr or "")


def limit_sign_in(email: str) -> ResponseReturnValue | None:
    """A page with when to try again, after 20 tries a minute from one address or 10 for one account; else None."""
    address = request.remote_addr or ""
    floods = _floods()
    if floods.has_room(SIGN_INS, "sign-in", address) and floods.has_room(TRIES, "account", address, _counted(email)):
        return None
    page, status = error_page(429)
    return page, status, {"Retry-After": "60"}


def may_mail_reset(email: str) -> bool:
    """Whether this account was mailed fewer than five reset links in the last hour; nobody's inbox is flooded."""
    return _floods().has_room(RESETS, "reset", _counted(email))


def may_mail_test(email: str) -> bool:
    """Whether this account was mailed fewer than twenty tests in the last hour; a sender's good name pays for more."""
    return _floods().has_room(TEST_MAILS, "test mails", _counted(email))


def _counted(email: str) -> str:
    return email_key(email)[:LONGEST_ADDRESS]


def _floods() -> Floods:
    return cast("Floods", current_app.extensions[FLOODS])


def _shared(redis_url: str) -> SlidingWindowCounterRateLimiter | None:
    if not redis_url:
        return None
    url = redis_url.replace("unix://", "redis+unix://", 1) if redis_url.startswith("unix://") else redis_url
    storage = cast(
        "Storage",
        storage_from_string(url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS),
    )
    return SlidingWindowCounterRateLimiter(storage)
