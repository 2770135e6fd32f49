"""Changes what a store says of itself."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.store import Publishing, Store
from reviews_app.services.save_request_rule import reckon_anew


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Checked values; `first_language` leads the list whether it was ticked or not."""

    name: str
    languages: tuple[str, ...]
    first_language: str
    time_zone: str
    home_country: str
    reply_address: str
    postal_address: str
    publishing: Publishing


def save_store_settings(session: Session, store: Store, settings: StoreSettings, *, clock: Clock) -> None:
    """Reviews that are out stay out, reviews that wait go on waiting: publishing is about what comes."""
    store.name = settings.name
    others = [code for code in settings.languages if code != settings.first_language]
    store.languages = [settings.first_language, *others]
    store.time_zone = settings.time_zone
    store.home_country = settings.home_country
    store.reply_address = settings.reply_address
    store.postal_address = settings.postal_address
    store.publishing = settings.publishing
    reckon_anew(session, store, clock=clock)
    session.flush()
