"""An invitation's link: opening it changes nothing, sending its form joins the store."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, hash_password, login_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, ValidationError

from reviews_app.db.database import session, transaction
from reviews_app.models.account import Account
from reviews_app.models.invitation import Invitation, InvitationSpent
from reviews_app.models.store import Store
from reviews_app.queries.find_invitation import find_invitation
from reviews_app.services.create_account import AddressTaken, create_account
from reviews_app.services.members import join_store
from reviews_app.web.account_words import SHORTEST_PASSWORD
from reviews_app.web.error_pages import error_page
from reviews_app.web.form_fields import AtMost, EmailField, Needed, Writable
from reviews_app.web.guards import by_link
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools


class JoinForm(FlaskForm):
    """A new account; the address is asked only where the invitation has none."""

    name = StringField("Your name", [Needed("Tell your colleagues who you are."), Writable(), AtMost(100)])
    email = EmailField("Email", [Writable(), AtMost(254)])
    password = PasswordField("Password", [Needed("Choose a password."), AtMost(200)])

    def validate_password(self, field: Any) -> None:
        """Length is what counts."""
        if len(field.data or "") < SHORTEST_PASSWORD:
            raise ValidationError(f"The password needs at least {SHORTEST_PASSWORD} letters.")


class JoinAgainForm(FlaskForm):
    """Somebody signed in joins with one button."""


@merchant.get("/join/<token>")
@by_link
def join(token: str) -> ResponseReturnValue:
    """The form for a new account, or one button for who is signed in."""
    invitation, store = find_invitation(session(), token)
    if not invitation.is_open(tools().clock()):
        return _spent()
    return _page(JoinForm(), invitation, store, token)


@merchant.post("/join/<token>")
@by_link
def accept(token: str) -> ResponseReturnValue:
    """Join the store; the link is spent."""
    invitation, store = find_invitation(session(), token)
    if current_user.is_authenticated:
        return _join_signed_in(invitation, store)
    form = JoinForm()
    valid = form.validate_on_submit()
    if not invitation.email and not form.email.data and not form.email.errors:
        form.email.errors = ["Your address is what you sign in with."]
        valid = False
    if not valid:
        return _page(form, invitation, store, token), 422
    try:
        return _join_anew(form, invitation, store)
    except AddressTaken:
        form.email.errors = ["An account with this address exists. Sign in first, below."]
        return _page(form, invitation, store, token), 422
    except InvitationSpent:
        return _spent()


def _join_anew(form: JoinForm, invitation: Invitation, store: Store) -> ResponseReturnValue:
    hashed = hash_password(form.password.data or "")
    slug = store.slug
    with transaction() as writing:
        account = create_account(
            writing,
            email=invitation.email or form.email.data or "",
            name=form.name.data or "",
            password_hash=hashed,
            clock=tools().clock,
            make_id=tools().make_id,
        )
        join_store(writing, invitation, account, clock=tools().clock)
        account_id = account.id
    login_user(session().get_one(Account, account_id))
    flash("Welcome.", "ok")
    return redirect(url_for(".home", store=slug), 303)


def _join_signed_in(invitation: Invitation, store: Store) -> ResponseReturnValue:
    slug = store.slug
    if not JoinAgainForm().validate_on_submit():
        return error_page(400)
    try:
        with transaction() as writing:
            join_store(writing, invitation, writing.get_one(Account, current_user.id), clock=tools().clock)
    except InvitationSpent:
        return _spent()
    return redirect(url_for(".home", store=slug), 303)


def _page(form: JoinForm, invitation: Invitation, store: Store, token: str) -> str:
    return render_template(
        "merchant/join.html", form=form, again=JoinAgainForm(), invitation=invitation, store=store, token=token
    )


def _spent() -> ResponseReturnValue:
    words = "Each link works once, for 7 days. Ask the store's owner for a new one, or sign in if you joined before."
    return error_page(410, "This link was used, or its time is over", words)
