"""Which store: the way in for who works in several."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from reviews_app.db.database import session, transaction
from reviews_app.models.account import Account
from reviews_app.models.membership import StoreRole
from reviews_app.models.store import Store
from reviews_app.queries.memberships import stores_of
from reviews_app.web.guards import Member, member, signed_in
from reviews_app.web.merchant.action import ActionForm, require_action
from reviews_app.web.merchant.blueprint import merchant


@merchant.get("")
@signed_in
def door() -> ResponseReturnValue:
    """To the only or last chosen store, or a choice of stores."""
    chosen = _chosen()
    return redirect(url_for(".home", store=chosen.slug) if chosen else url_for(".stores"))


@merchant.get("/stores")
@signed_in
def stores() -> ResponseReturnValue:
    """The stores of who is signed in."""
    return render_template("merchant/stores.html", stores=stores_of(session(), current_user.id), action=ActionForm())


@merchant.get("/settings/integrations/kustomer")
@signed_in
def any_kustomer() -> ResponseReturnValue:
    """To the Kustomer page of the only or last chosen store."""
    chosen = _chosen()
    return redirect(url_for(".kustomer", store=chosen.slug) if chosen else url_for(".stores"))


@merchant.post("/<store>/choose")
@member(StoreRole.VIEWER)
def choose(me: Member) -> ResponseReturnValue:
    """Make this the store that opens first."""
    require_action()
    with transaction() as writing:
        writing.get_one(Account, me.account.id).last_store_id = me.store.id
    return redirect(url_for(".home", store=me.store.slug), 303)


def _chosen() -> Store | None:
    mine = stores_of(session(), current_user.id)
    if len(mine) == 1:
        return mine[0]
    return next((one for one in mine if one.id == current_user.last_store_id), None)
