"""Who works in the store."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField

from reviews_app.db.database import session, transaction
from reviews_app.models.membership import StoreRole
from reviews_app.queries.memberships import find_membership, members_of
from reviews_app.services.members import LastOwner, invite_member, remove_member
from reviews_app.web.form_fields import AtMost, EmailField, Needed, Writable, choice
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools

ROLES = {
    StoreRole.VIEWER: "Viewer: sees everything but settings",
    StoreRole.MODERATOR: "Moderator: publishes, rejects, replies",
    StoreRole.MANAGER: "Manager: products, requests, settings",
    StoreRole.OWNER: "Owner: members as well",
}


class InviteForm(FlaskForm):
    """Whom, and as what."""

    email = EmailField("Email", [Needed("An address is needed, to mail the link to."), Writable(), AtMost(254)])
    role = RadioField("Role", choices=[choice(role, words) for role, words in ROLES.items()])


@merchant.get("/<store>/settings/members")
@member(StoreRole.OWNER)
def members(me: Member) -> ResponseReturnValue:
    """Everybody, and a form to invite."""
    return _page(me, InviteForm(role=StoreRole.MODERATOR))


@merchant.post("/<store>/settings/members")
@member(StoreRole.OWNER)
def invite(me: Member) -> ResponseReturnValue:
    """Mail somebody a link."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _page(me, form), 422
    with transaction() as writing:
        invite_member(writing, me.store, email=form.email.data or "", role=StoreRole(form.role.data), tools=tools())
    flash("The invitation is on its way. Its link works once, for 7 days.", "ok")
    return redirect(url_for(".members", store=me.store.slug), 303)


@merchant.post("/<store>/settings/members/<uuid:membership_id>/remove")
@member(StoreRole.OWNER)
def remove(me: Member, membership_id: UUID) -> ResponseReturnValue:
    """Take somebody out at once."""
    require_action()
    try:
        with transaction() as writing:
            remove_member(writing, me.store, find_membership(writing, me.store, membership_id))
        flash("Removed.", "ok")
    except LastOwner:
        flash("A store needs an owner. Invite another one first.", "warn")
    return redirect(url_for(".members", store=me.store.slug), 303)


def _page(me: Member, form: InviteForm) -> str:
    return render_template("merchant/members.html", form=form, rows=members_of(session(), me.store))
