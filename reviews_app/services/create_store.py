"""Opens a store, and the one-time link by which its first owner comes in."""

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.ids import NewId
from reviews_app.lib.tokens import new_token, token_hash
from reviews_app.models.invitation import Invitation
from reviews_app.models.membership import StoreRole
from reviews_app.models.store import Publishing, Store

SIGN_UP_LASTS = timedelta(days=7)
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")
# What a merchant may say that shoppers speak.
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "pl", "ja", "ar")
RESERVED = frozenset({"verify", "settings", "sign-in", "sign-out", "reset", "join", "stores"})


class SlugTaken(Exception):
    """Another store has this short name."""


class SlugRefused(Exception):
    """The short name cannot stand in an address."""


@dataclass(frozen=True, slots=True)
class StoreDetails:
    """What a store is at its birth; everything but the name can change later."""

    name: str
    languages: tuple[str, ...] = ("en",)
    time_zone: str = "UTC"
    home_country: str = "US"
    currency: str = "USD"
    reply_address: str = ""
    postal_address: str = ""
    publishing: Publishing = Publishing.AT_ONCE


def create_store(session: Session, slug: str, details: StoreDetails, *, clock: Clock, make_id: NewId) -> Store:
    """A new store under a short name of small letters, digits and hyphens.

    Raises SlugRefused or SlugTaken.
    """
    if not SLUG.fullmatch(slug) or slug in RESERVED:
        raise SlugRefused(slug)
    if session.scalar(select(Store.id).where(Store.slug == slug)) is not None:
        raise SlugTaken(slug)
    store = Store(
        id=make_id(),
        slug=slug,
        name=details.name,
        languages=list(details.languages),
        time_zone=details.time_zone,
        home_country=details.home_country,
        currency=details.currency,
        reply_address=details.reply_address,
        postal_address=details.postal_address,
        publishing=details.publishing,
        created_at=clock(),
    )
    session.add(store)
    session.flush()
    return store


def sign_up_link_token(session: Session, store: Store, *, clock: Clock) -> str:
    """A token that makes whoever opens it first the store's owner; only its hash is kept."""
    token = new_token()
    now = clock()
    session.add(
        Invitation(
            store_id=store.id,
            role=StoreRole.OWNER,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + SIGN_UP_LASTS,
        )
    )
    session.flush()
    return token
