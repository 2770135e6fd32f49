"""One picture or video of a review: hidden for a kept reason, shown again, taken home."""

from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.media.storage import VIDEO
from reviews_app.models.media import Media
from reviews_app.models.media_hiding import HidingReason
from reviews_app.models.media_words import SIZES
from reviews_app.models.membership import StoreRole
from reviews_app.queries.find_media import find_media
from reviews_app.queries.find_review import find_review
from reviews_app.queries.not_found import NotFound
from reviews_app.services.hide_media import MediaAlreadyDecided, hide_media, show_media
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.review_page import HideForm, review_page
from reviews_app.web.tools import tools


@merchant.post("/<store>/media/<uuid:media_id>/hide")
@member(StoreRole.MODERATOR)
def hide(me: Member, media_id: UUID) -> ResponseReturnValue:
    """Take it off the shop's pages."""
    media = find_media(session(), me.store, media_id)
    form = HideForm.of(media)
    if not form.validate_on_submit():
        return review_page(me, find_review(session(), me.store, _review_of(media)), hiding=form), 422
    try:
        with transaction() as writing:
            found = find_media(writing, me.store, media_id)
            hide_media(writing, found, reason=HidingReason(form.reason.data), by=me.account, clock=tools().clock)
        flash("Hidden. The reason is kept with it.", "ok")
    except MediaAlreadyDecided:
        flash("Somebody hid it before you.", "info")
    return _back(me, _review_of(media))


@merchant.post("/<store>/media/<uuid:media_id>/show")
@member(StoreRole.MODERATOR)
def show(me: Member, media_id: UUID) -> ResponseReturnValue:
    """Put it back."""
    require_action()
    media = find_media(session(), me.store, media_id)
    review_id = _review_of(media)
    try:
        with transaction() as writing:
            show_media(writing, find_media(writing, me.store, media_id), by=me.account, clock=tools().clock)
        flash("It shows again.", "ok")
    except MediaAlreadyDecided:
        flash("Somebody showed it before you.", "info")
    return _back(me, review_id)


@merchant.get("/<store>/media/<uuid:media_id>/download")
@member(StoreRole.VIEWER)
def download(me: Member, media_id: UUID) -> ResponseReturnValue:
    """The largest prepared file, under a name made here: the author's own could be anything."""
    media = find_media(session(), me.store, media_id)
    suffix = VIDEO if media.is_video else f"{SIZES[0]}.webp"
    served = tools().storage.served_file(f"{media.name}-{suffix}")
    if served is None:
        raise NotFound
    body = tools().storage.read(served, start=0, length=served.byte_count)
    response = Response(body, mimetype=served.content_type)
    response.content_length = served.byte_count
    ending = suffix.rpartition(".")[2]
    name = f"review-{_review_of(media).hex[-8:]}-{media.position + 1}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _review_of(media: Media) -> UUID:
    if media.review_id is None:
        raise NotFound
    return media.review_id


def _back(me: Member, review_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".review", store=me.store.slug, review_id=review_id, _anchor="pictures"), 303)
