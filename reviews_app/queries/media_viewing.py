"""Who may see the files of a name."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from reviews_app.lib.viewing_key import is_viewing_key
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.media import Media, MediaState
from reviews_app.models.product import ProductPicture
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.store import Store

LONGEST_KEY, LONGEST_TIME = 64, 11


@dataclass(frozen=True, slots=True)
class Viewing:
    """What stands behind a name. `secret` makes the keys that open it while it is not public."""

    is_ready: bool
    is_public: bool
    is_in_work: bool = False
    secret: str = ""
    lasting_until: datetime | None = None

    def opens_to(self, key: str, until: str, *, now: datetime) -> bool:
        """Whether a key of an address opens it now: a lasting one within the store's term, or one with its own end."""
        if len(key) > LONGEST_KEY or len(until) > LONGEST_TIME:
            return False
        if not until:
            is_over = self.lasting_until is not None and now >= self.lasting_until
            return not is_over and is_viewing_key(key, secret=self.secret, until=None)
        if not (until.isascii() and until.isdigit()) or now.timestamp() >= int(until):
            return False
        return is_viewing_key(key, secret=self.secret, until=int(until))


def media_viewing(session: Session, name: str) -> Viewing | None:
    """The row of a random name, whichever store's it is; None when there is none.

    A review's files are public while it is published and the merchant hid them not; those of a product and the logo of
    a store's mails always are.
    """
    columns = (Media.state, Media.view_key, Media.is_hidden, Media.created_at, Review.state, Store.media_link_days)
    with_review = (
        select(*columns).outerjoin(Review, Review.id == Media.review_id).join(Store, Store.id == Media.store_id)
    )
    row = session.execute(with_review.where(Media.name == name)).one_or_none()
    if row is not None:
        state, secret, is_hidden, created_at, review_state, link_days = row
        return Viewing(
            is_ready=state is MediaState.READY,
            is_public=review_state is ReviewState.PUBLISHED and not is_hidden,
            is_in_work=state is MediaState.UPLOADED,
            secret=secret,
            lasting_until=None if link_days is None else created_at + timedelta(days=link_days),
        )
    of_product = select(ProductPicture.id).where(ProductPicture.name == name)
    logo = select(MailStyle.id).where(MailStyle.logo_name == name)
    is_shops = session.scalar(union_all(of_product, logo).limit(1)) is not None
    return Viewing(is_ready=True, is_public=True) if is_shops else None
