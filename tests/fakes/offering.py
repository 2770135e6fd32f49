"""A folder that offers places as a bucket does, and whose browsers send what a test says."""

from collections.abc import Iterable

from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import Offer, StorageAway


class OfferingFolder(FolderKeeper):
    """Believes nobody, and remembers how much each place may take; `is_away` while it takes no files away."""

    takes_offers = True
    origin = "https://bucket.test"
    is_away = False

    def offer(self, key: str, *, most: int, seconds: int) -> Offer:
        return Offer(url=self.origin, fields={"key": key, "most": str(most), "seconds": str(seconds)})

    def remove(self, keys: Iterable[str]) -> None:
        if self.is_away:
            raise StorageAway("away")
        super().remove(keys)
