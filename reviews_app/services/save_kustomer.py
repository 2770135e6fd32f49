"""Saves the Kustomer integration: switch, key, address."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.sealed import Keyring
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.store import Store
from reviews_app.services.hold_destination import heal_destination, send_canary, switch_off
from reviews_app.services.open_destination import open_destination


class KeyMissing(Exception):
    """It cannot be switched on without a key."""


@dataclass(frozen=True, slots=True)
class KustomerDetails:
    """What the merchant saves; an empty key keeps the one before, the address is checked already."""

    is_on: bool
    api_key: str
    api_url: str


def save_kustomer(
    session: Session, store: Store, details: KustomerDetails, *, keyring: Keyring, clock: Clock
) -> Destination:
    """Keep the key sealed and the address as given. Raises KeyMissing.

    While it needs attention a new key or address is on trial first: the oldest held review goes with it, and only
    when that arrives it replaces the ones before. With none held it is kept at once, untried.
    """
    destination = open_destination(session, store)
    key = keyring.seal(details.api_key) if details.api_key else destination.key_in_use
    if details.is_on and key is None:
        raise KeyMissing
    session.add(destination)
    changed = bool(details.api_key) or details.api_url != destination.url_in_use
    if changed and details.is_on and key is not None and destination.mode is Mode.NEEDS_ATTENTION:
        destination.try_out(key, details.api_url)
        if send_canary(session, destination, now=clock()):
            return destination
    if changed or not details.is_on:
        destination.keep(key, details.api_url)
    if changed:
        destination.saved_at = clock()
    session.flush()
    _switch(session, destination, details, changed=changed, clock=clock)
    return destination


def _switch(
    session: Session, destination: Destination, details: KustomerDetails, *, changed: bool, clock: Clock
) -> None:
    if not details.is_on:
        switch_off(session, destination, now=clock())
    elif destination.mode is Mode.OFF or (changed and destination.mode is Mode.NEEDS_ATTENTION):
        heal_destination(session, destination, now=clock())
