"""Who works in the store."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField

from reviews_app.db.database import session, transaction
from reviews_app.models.membership import StoreRole
from reviews_app.queries.find_invitation import find_open_invitation, open_invitations
from reviews_app.queries.memberships import find_membership, members_of
from reviews_app.services.members import (
    LastOwner,
    change_role,
    invite_member,
    remove_member,
    withdraw_invitation,
)
from reviews_app.web.form_fields import AtMost, EmailField, Needed, Writable, choice
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.choice_fields import OneOf
from reviews_app.web.tools import tools

ROLES = {
    StoreRole.VIEWER: "Viewer: sees reviews, orders and deliveries",
    StoreRole.MODERATOR: "Moderator: publishes, rejects, replies, sends again",
    StoreRole.MANAGER: "Manager: also products, requests and settings",
    StoreRole.OWNER: "Owner: also members",
}
NEEDS_AN_OWNER = "A store needs an owner. Make somebody else one first."


class InviteForm(FlaskForm):
    """Whom, and as what."""

    email = EmailField("Email", [Needed("An address is needed, to mail the link to."), Writable(), AtMost(254)])
    role = OneOf("Role", "Choose what they may do.", choices=[choice(role, words) for role, words in ROLES.items()])


class RoleForm(FlaskForm):
    """Another role for somebody who is here."""

    role = SelectField("Role", choices=[choice(role, role.capitalize()) for role in ROLES])


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
            found = find_membership(writing, me.store, membership_id)
            is_me = found.account_id == me.account.id
            remove_member(writing, me.store, found)
    except LastOwner:
        flash(NEEDS_AN_OWNER, "warn")
        return redirect(url_for(".members", store=me.store.slug), 303)
    flash("You left the store." if is_me else "Removed.", "ok")
    return redirect(url_for(".door") if is_me else url_for(".members", store=me.store.slug), 303)


@merchant.post("/<store>/settings/members/<uuid:membership_id>/role")
@member(StoreRole.OWNER)
def set_role(me: Member, membership_id: UUID) -> ResponseReturnValue:
    """Give somebody another role, from the next click on."""
    form = RoleForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        with transaction() as writing:
            found = find_membership(writing, me.store, membership_id)
            change_role(writing, me.store, found, role=StoreRole(form.role.data))
            is_still_owner = found.account_id != me.account.id or found.role is StoreRole.OWNER
        flash("Saved.", "ok")
    except LastOwner:
        is_still_owner = True
        flash(NEEDS_AN_OWNER, "warn")
    return redirect(url_for(".members" if is_still_owner else ".settings", store=me.store.slug), 303)


@merchant.post("/<store>/settings/members/invitations/<uuid:invitation_id>/withdraw")
@member(StoreRole.OWNER)
def withdraw(me: Member, invitation_id: UUID) -> ResponseReturnValue:
    """Make an invitation's link open nothing."""
    require_action()
    with transaction() as writing:
        found = find_open_invitation(writing, me.store, invitation_id, now=tools().clock())
        withdraw_invitation(writing, found)
    flash("Withdrawn. Its link opens nothing any more.", "ok")
    return redirect(url_for(".members", store=me.store.slug), 303)


def _page(me: Member, form: InviteForm) -> str:
    return render_template(
        "merchant/members.html",
        form=form,
        rows=[(row, RoleForm(formdata=None, role=str(row.role))) for row in members_of(session(), me.store)],
        invitations=open_invitations(session(), me.store, now=tools().clock()),
    )
