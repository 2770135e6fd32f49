"""How the stand-in Kustomer is told to behave, to show what a broken helpdesk does to the shop: nothing."""

import threading
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

GIBIBYTE = 1024**3


class Behaviour(BaseModel):
    """One way to answer; an empty one is normal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: int | None = Field(default=None, ge=200, le=599)
    body: str = ""
    headers: dict[str, str] = Field(default_factory=dict)
    delay_s: float = Field(default=0, ge=0, le=3600)
    retry_after: int | str | None = None
    redirect_to: str = ""
    drip: bool | Literal["body"] = False
    body_bytes: int | None = Field(default=None, ge=0, le=GIBIBYTE)
    reset: bool | Literal["after_headers"] = False
    times: int | None = Field(default=None, ge=1)

    @property
    def refusal(self) -> int | None:
        """The status it forces on every request, or None when the request itself decides."""
        forced = self.status or (302 if self.redirect_to else None)
        return forced if forced and not 200 <= forced < 300 else None

    @property
    def loses_the_event(self) -> bool:
        """Cut off before anything was accepted; with a status of 2xx it is accepted first, then cut off."""
        return bool(self.reset) and self.status is None


NORMAL = Behaviour()


class Behaviours:
    """The behaviour in force, and for how many requests more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = NORMAL
        self._left: int | None = None

    def become(self, behaviour: Behaviour) -> None:
        """Behave like this from the next request on."""
        with self._lock:
            self._now, self._left = behaviour, behaviour.times

    def now(self) -> Behaviour:
        """What the next request will meet, `times` being what is left."""
        with self._lock:
            return self._now.model_copy(update={"times": self._left})

    def take(self) -> Behaviour:
        """The behaviour for one request, which is counted."""
        with self._lock:
            taken = self._now
            if self._left is not None:
                self._left -= 1
                if self._left == 0:
                    self._now, self._left = NORMAL, None
            return taken
