"""Saves the Kustomer integration: switch, key, address."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.sealed import Keyring
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.store import Store
from reviews_app.services.hold_destination import heal_destination, switch_off
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

    A new key or address on a destination that needs attention sends the oldest held review as canary.
    """
    destination = open_destination(session, store)
    if details.is_on and not details.api_key and destination.api_key is None:
        raise KeyMissing
    changed = bool(details.api_key) or details.api_url != destination.api_url
    if details.api_key:
        destination.api_key = keyring.seal(details.api_key)
    destination.api_url = details.api_url
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
