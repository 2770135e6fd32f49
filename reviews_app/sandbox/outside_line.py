"""Talks to the stand-in Kustomer's switches from the start page."""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

import orjson

SECONDS = 2.0
REFUSING: dict[str, Any] = {"status": 500}
NORMAL: dict[str, Any] = {}


class OutsideAway(Exception):
    """The outside world does not answer; the process manager is starting it again."""


@dataclass(frozen=True, slots=True)
class KustomerNow:
    """What the stand-in has, and how it behaves."""

    reviews: int
    repeats: int
    is_key_expired: bool
    is_normal: bool


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """The way to it; `port` is PORT + 1. Every call may raise OutsideAway."""

    port: int

    def now(self) -> KustomerNow:
        """Ask how things are."""
        counts = self._ask("GET", "/kustomer/counts.json")
        return KustomerNow(
            reviews=counts["reviews"],
            repeats=counts["repeats"],
            is_key_expired=counts["key_expired"],
            is_normal=not counts["behaviour"],
        )

    def refuse(self) -> None:
        """Answer every delivery with 500."""
        self._ask("POST", "/kustomer/behaviour", REFUSING)

    def expire_key(self) -> None:
        """Take the present key no longer."""
        self._ask("POST", "/kustomer/key/expire")

    def put_right(self) -> None:
        """Behave again, and take the key again."""
        self._ask("POST", "/kustomer/behaviour", NORMAL)
        self._ask("POST", "/kustomer/key/renew")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, path, orjson.dumps(body) if body is not None else None)
            answer: dict[str, Any] = orjson.loads(connection.getresponse().read())
        except (OSError, HTTPException, orjson.JSONDecodeError) as failure:
            raise OutsideAway(f"{type(failure).__name__}: {failure}") from None
        finally:
            connection.close()
        return answer
