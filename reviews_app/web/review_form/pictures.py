"""Pictures chosen in a form: staged one by one, kept through refusals, shown with Remove."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from reviews_app.db.database import session, transaction
from reviews_app.media.storage import MediaStorage
from reviews_app.models.store import Store
from reviews_app.services.stage_picture import (
    NotAPicture,
    PictureNotTaken,
    PictureTooLarge,
    remove_staged,
    stage_picture,
    staged_pictures,
)
from reviews_app.web.tools import tools


@dataclass(frozen=True, slots=True)
class StagedPicture:
    """A picture this form holds."""

    id: str
    file_name: str


def storage() -> MediaStorage:
    """Where pictures lie."""
    return tools().storage


def stage(store: Store, form_id: str, files: list[FileStorage]) -> list[str]:
    """Take pictures in, each in a transaction of its own; gives the words for those not taken."""
    words: list[str] = []
    for file in files:
        if not file or not file.filename:
            continue
        try:
            stage_one(store, form_id, file)
        except PictureNotTaken as refused:
            words.append(f"{file.filename[:80]}: {words_for(refused)}")
    return words


def stage_one(store: Store, form_id: str, file: FileStorage) -> str:
    """Take one picture in; gives its id. Raises PictureNotTaken."""
    with transaction() as writing:
        row = stage_picture(
            writing,
            store,
            form_id=form_id,
            stream=file.stream,
            filename=file.filename or "",
            storage=storage(),
            clock=tools().clock,
        )
        return str(row.id)


def staged(store: Store, form_id: str) -> list[StagedPicture]:
    """What this form holds already."""
    return [StagedPicture(str(row.id), row.original_name) for row in staged_pictures(session(), store, form_id)]


def remove(store: Store, form_id: str, picture_id: str) -> None:
    """Take one back; anything unreadable takes nothing back."""
    try:
        media_id = UUID(picture_id)
    except ValueError:
        return
    with transaction() as writing:
        remove_staged(writing, store, form_id=form_id, media_id=media_id, storage=storage())


def words_for(refused: PictureNotTaken) -> str:
    """What to tell the shopper."""
    if isinstance(refused, NotAPicture):
        return str(gettext("This is not a picture we can show. JPEG, PNG, WebP, GIF and HEIC work."))
    if isinstance(refused, PictureTooLarge):
        return str(gettext("This picture is larger than 15 MB. Send a smaller one."))
    return str(gettext("Eight pictures fit in one review."))
