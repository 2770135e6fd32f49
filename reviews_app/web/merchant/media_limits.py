"""Settings > Photos and videos: how many, how large, how long."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField

from reviews_app.db.database import transaction
from reviews_app.models.membership import StoreRole
from reviews_app.services.save_media_limits import MediaLimits, save_media_limits
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.whole_number import WholeNumber

# A whole form may have 100 MB, its texts among them.
LARGEST_MB = 90


def _number(label: str, high: int) -> WholeNumber:
    return WholeNumber(label, f"A whole number from 1 to {high}.", low=1, high=high)


class MediaLimitsForm(FlaskForm):
    """Whole numbers; shoppers are told them before they choose."""

    most_media = _number("Photos and videos a review", 20)
    most_picture_mb = _number("Megabytes a photo", 50)
    most_video_mb = _number("Megabytes a video", LARGEST_MB)
    most_video_seconds = _number("Seconds a video", 300)
    # 0 is for good.
    link_days = WholeNumber("Days Kustomer's addresses open", "A whole number from 0 to 3650.", low=0, high=3650)
    keeps_originals = BooleanField("Keep the files as they were sent")

    def limits(self) -> MediaLimits:
        """What the service takes; only after the form was valid."""
        return MediaLimits(
            most_media=self.most_media.data or 1,
            most_picture_mb=self.most_picture_mb.data or 1,
            most_video_mb=self.most_video_mb.data or 1,
            most_video_seconds=self.most_video_seconds.data or 1,
            keeps_originals=bool(self.keeps_originals.data),
            link_days=self.link_days.data or None,
        )


@merchant.get("/<store>/settings/photos")
@member(StoreRole.MANAGER)
def media_limits(me: Member) -> ResponseReturnValue:
    """The limits as they are."""
    form = MediaLimitsForm(obj=me.store, link_days=me.store.media_link_days or 0)
    return render_template("merchant/media_limits.html", form=form)


@merchant.post("/<store>/settings/photos")
@member(StoreRole.MANAGER)
def save_limits(me: Member) -> ResponseReturnValue:
    """Save them all, or say what is wrong."""
    form = MediaLimitsForm()
    if not form.validate_on_submit():
        return render_template("merchant/media_limits.html", form=form), 422
    with transaction() as writing:
        save_media_limits(writing, me.store, form.limits())
    flash("Saved. It holds for what is sent from now on.", "ok")
    return redirect(url_for(".media_limits", store=me.store.slug), 303)
