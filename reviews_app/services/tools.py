"""What services need from outside themselves; made once per process, handed over by the caller."""

from dataclasses import dataclass

from reviews_app.config import Settings
from reviews_app.lib.addresses import Addresses
from reviews_app.lib.clock import Clock, utc_now
from reviews_app.lib.ids import NewId, new_id
from reviews_app.lib.sealed import Keyring
from reviews_app.media.choose_keeper import choose_keeper
from reviews_app.media.scanner import Scanner
from reviews_app.media.storage import MediaStorage


@dataclass(frozen=True, slots=True)
class Tools:
    """Settings, clock, ids, keys, addresses, the place of files, and what looks for viruses in them, if anything."""

    settings: Settings
    clock: Clock
    make_id: NewId
    keyring: Keyring
    addresses: Addresses
    storage: MediaStorage
    scanner: Scanner | None


def make_tools(settings: Settings) -> Tools:
    """The real ones."""
    return Tools(
        settings=settings,
        clock=utc_now,
        make_id=new_id,
        keyring=Keyring(settings.keys),
        addresses=Addresses(public=settings.public, media=settings.media),
        storage=MediaStorage(choose_keeper(settings.media_storage, folder=settings.data_dir)),
        scanner=Scanner(settings.media_scanner) if settings.media_scanner else None,
    )
