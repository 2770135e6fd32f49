"""Pictures and videos chosen in a form: staged one by one, with captions and an order, kept through refusals."""

from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from flask import Request
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import MultipleFileField, StringField

from reviews_app.db.database import session, transaction
from reviews_app.lib.tokens import new_token
from reviews_app.media.keeper import StorageAway
from reviews_app.media.storage import MediaStorage
from reviews_app.models.media import Media, MediaState
from reviews_app.models.store import Store
from reviews_app.services.stage_picture import (
    KeptFile,
    PictureNotKept,
    PictureNotTaken,
    QuotaReached,
    Sent,
    Ticket,
    add_row,
    has_row,
    keep_file,
    known_file,
)
from reviews_app.services.staged_pictures import (
    MOST_CAPTION,
    caption_staged,
    move_staged,
    order_staged,
    remove_staged,
    staged_pictures,
)
from reviews_app.web.form_fields import AtMost, Writable
from reviews_app.web.limits import may_send_a_file
from reviews_app.web.page_hour import page_hour
from reviews_app.web.review_form.photo_keys import keys_among
from reviews_app.web.review_form.picture_words import words_for, words_of_failure
from reviews_app.web.tools import tools

PREVIEW_WIDTH = 160
STEPS = {"photo_up": -1, "photo_down": 1}
WORDS = ("photo_key", "photo_gone", "remove_photo", *STEPS)


@dataclass(frozen=True, slots=True)
class StagedPicture:
    """A file this form holds; `words` say what is wrong with it, if anything is."""

    key: str
    name: str
    caption: str = ""
    is_video: bool = False
    is_ready: bool = False
    preview: str = ""
    words: str = ""

    def to_json(self) -> dict[str, object]:
        """As the page's script takes it."""
        return asdict(self)


class CaptionForm(FlaskForm):
    """The words beneath one picture."""

    class Meta:
        csrf = False

    caption = StringField("", [Writable(), AtMost(MOST_CAPTION)])


def storage() -> MediaStorage:
    """Where pictures lie."""
    return tools().storage


def are_in(sent: Request) -> bool:
    """Whether a form came with files, or with words for files it holds."""
    has_files = any(file.filename for _name, file in sent.files.items(multi=True))
    return has_files or any(text for name in WORDS for text in sent.form.getlist(name))


def stage(store: Store, sent: Sent, field: MultipleFileField, keys: list[str]) -> list[str]:
    """Take in what came with the form, each in a transaction of its own; gives the words for those not taken.

    A page with script gives its key of each of these files, as it did when it sent one whose answer was lost. When
    the database fails, the words are in the field's errors, and its data are the files that were not come to.
    """
    known = iter(keys)
    field.errors = words = []
    field.data = waiting = [file for file in field.data if file and file.filename]
    while waiting:
        try:
            stage_one(store, replace(sent, ticket=Ticket(next(known, new_token()))), waiting[0])
        except PictureNotTaken as refused:
            words.append(_words_for(waiting[0], refused, store))
        waiting.pop(0)
    return words


def words_for_lost(store: Store, files: list[FileStorage]) -> list[str]:
    """The words for chosen files that the form does not hold and that a browser will not send again by itself."""
    return [_words_for(file, PictureNotKept(), store) for file in files if file and file.filename]


def stage_one(store: Store, sent: Sent, file: FileStorage) -> StagedPicture:
    """Take one in: the file first, then its row, so that no lock is held while a large one is written.

    Raises PictureNotTaken.
    """
    sent = replace(sent, filename=file.filename or "")
    known = known_file(session(), store, sent)
    if known is not None:
        return shown(known, store)
    if not may_send_a_file(sent.sender_key):
        raise QuotaReached
    kept = keep_file(session(), store, sent, stream=file.stream, storage=storage(), clock=tools().clock)
    return added(store, sent, kept)


def added(store: Store, sent: Sent, kept: KeptFile) -> StagedPicture:
    """The row of a kept file; without one the file goes. Raises PictureNotTaken."""
    name = ""
    try:
        with transaction() as writing:
            row = add_row(writing, store, sent, kept, clock=tools().clock)
            name = row.name
            return shown(row, store)
    finally:
        if name != kept.name and not has_row(session(), kept.name):
            with suppress(StorageAway):
                storage().drop_upload(kept.name)


def staged(store: Store, form_id: str, sent: MultiDict[str, str] | None = None) -> list[StagedPicture]:
    """What this form holds already, in order; with the captions as they were just typed, kept or not."""
    held = [shown(row, store) for row in staged_pictures(session(), store, form_id)]
    captions = _captions(sent) if sent else {}
    return [replace(one, caption=captions.get(one.key, one.caption)) for one in held]


def take_words(store: Store, form_id: str, sent: MultiDict[str, str]) -> list[str]:
    """Give the held pictures the captions and the order they have on the page; gives what is wrong with a caption."""
    keys, captions = sent_keys(sent), _captions(sent)
    wrong = [words for text in captions.values() for words in wrong_caption(text)]
    fitting = {key: text for key, text in captions.items() if not wrong_caption(text)}
    if keys:
        with transaction() as writing:
            caption_staged(writing, store, form_id=form_id, captions=fitting)
            order_staged(writing, store, form_id=form_id, upload_keys=keys)
    return wrong


def wrong_caption(text: str) -> list[str]:
    """What is wrong with a caption, in words; nothing for one that fits."""
    form = CaptionForm(MultiDict({"caption": text}))
    return [] if form.validate() else [str(words) for words in form.caption.errors]


def press(store: Store, form_id: str, sent: MultiDict[str, str]) -> bool:
    """Do what a button of one picture asks: take it back, move it up or down. Gives whether one was pressed."""
    if key := sent.get("remove_photo"):
        remove(store, form_id, key)
        return True
    for name, step in STEPS.items():
        if key := sent.get(name):
            with transaction() as writing:
                move_staged(writing, store, form_id=form_id, upload_key=key, step=step)
            return True
    return False


def take_back(store: Store, form_id: str, sent: MultiDict[str, str]) -> None:
    """Remove what was removed on the page, whether or not the shop was told of it or knew it then."""
    gone = sent_keys(sent, "photo_gone")
    held = {row.upload_key for row in staged_pictures(session(), store, form_id)} if gone else set()
    if held.intersection(gone):
        with transaction() as writing:
            for key in gone:
                remove_staged(writing, store, form_id=form_id, upload_key=key)


def remove(store: Store, form_id: str, key: str) -> None:
    """Take one back; a key this form does not know takes nothing back."""
    with transaction() as writing:
        remove_staged(writing, store, form_id=form_id, upload_key=key)


def sent_keys(sent: MultiDict[str, str], name: str = "photo_key") -> list[str]:
    """The keys a page names, each once, in its order; what is no key is left out."""
    return keys_among(sent.getlist(name))


def _words_for(file: FileStorage, refused: PictureNotTaken, store: Store) -> str:
    return f"{(file.filename or '')[:80]}: {words_for(refused, store)}"


def _captions(sent: MultiDict[str, str]) -> dict[str, str]:
    return dict(zip(sent.getlist("photo_key"), sent.getlist("photo_caption"), strict=False))


def _preview(row: Media) -> str:
    return tools().addresses.keyed_picture(row, PREVIEW_WIDTH, page_hour(tools().clock))


def shown(row: Media, store: Store) -> StagedPicture:
    """A row as its form shows it."""
    is_ready = row.state is MediaState.READY
    return StagedPicture(
        key=row.upload_key,
        name=row.original_name,
        caption=row.caption,
        is_video=row.is_video,
        is_ready=is_ready,
        preview=_preview(row) if is_ready else "",
        words=words_of_failure(row.trouble, store) if row.state is MediaState.FAILED else "",
    )
