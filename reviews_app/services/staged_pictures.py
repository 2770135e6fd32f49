"""What a form holds before its review is sent: its captions, its order, taken back one by one."""

import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.models.media import Media
from reviews_app.models.store import Store

MOST_CAPTION = 200
STAGED = (
    select(Media)
    .where(Media.store_id == bindparam("store_id"), Media.form_id == bindparam("form_id"), Media.review_id.is_(None))
    .order_by(Media.position, Media.id)
)
# For whoever gives one to a review or takes one back: of the two, the second sees what the first did.
STAGED_TO_KEEP = STAGED.with_for_update()


def staged_pictures(session: Session, store: Store, form_id: str) -> list[Media]:
    """What this form has sent so far, in order."""
    return list(session.scalars(STAGED, {"store_id": store.id, "form_id": form_id}))


def remove_staged(session: Session, store: Store, *, form_id: str, upload_key: str) -> None:
    """Take one back, and ring for the job that removes its files; a key of another form or store does nothing."""
    rows = session.scalars(STAGED_TO_KEEP, {"store_id": store.id, "form_id": form_id}).all()
    for row in [one for one in rows if one.upload_key == upload_key]:
        let_go_of_staged(session, row)


def let_go_of_staged(session: Session, row: Media) -> None:
    """No review gets it from now on, and its files go."""
    row.let_go()
    session.flush()
    ring_after_commit(session, JobName.REMOVE_MEDIA, row.id)


def caption_staged(session: Session, store: Store, *, form_id: str, captions: Mapping[str, str]) -> None:
    """Give each its words, by upload key, in one line; those not named keep theirs."""
    for row in staged_pictures(session, store, form_id):
        if row.upload_key in captions:
            words = unicodedata.normalize("NFC", captions[row.upload_key])
            row.caption = " ".join(words.split())[:MOST_CAPTION]


def order_staged(session: Session, store: Store, *, form_id: str, upload_keys: Sequence[str]) -> None:
    """Put them in the order of these keys; those not named keep their own order behind them."""
    places = {key: place for place, key in enumerate(upload_keys)}
    rows = staged_pictures(session, store, form_id)
    for place, row in enumerate(sorted(rows, key=lambda one: places.get(one.upload_key, len(places)))):
        row.position = place


def move_staged(session: Session, store: Store, *, form_id: str, upload_key: str, step: int) -> None:
    """One place up (-1) or down (1); at the end of the list it stays."""
    keys = [row.upload_key for row in staged_pictures(session, store, form_id)]
    if upload_key in keys:
        place = keys.index(upload_key)
        keys.insert(min(max(place + step, 0), len(keys) - 1), keys.pop(place))
        order_staged(session, store, form_id=form_id, upload_keys=keys)
