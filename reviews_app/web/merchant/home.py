"""Home answers in sentences, and a checklist ticked from real state until set-up is done."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from reviews_app.db.database import session, transaction
from reviews_app.models.account import Account
from reviews_app.models.membership import StoreRole
from reviews_app.queries.memberships import stores_of
from reviews_app.queries.store_today import store_today
from reviews_app.web.guards import Member, member, signed_in
from reviews_app.web.merchant.action import ActionForm, require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools


@merchant.get("")
@signed_in
def door() -> ResponseReturnValue:
    """To the only or last chosen store, or a choice of stores."""
    stores = stores_of(session(), current_user.id)
    last = next((one for one in stores if one.id == current_user.last_store_id), None)
    if last is not None or len(stores) == 1:
        return redirect(url_for(".home", store=(last or stores[0]).slug))
    return render_template("merchant/stores.html", stores=stores, action=ActionForm())


@merchant.get("/<store>")
@member(StoreRole.VIEWER)
def home(me: Member) -> ResponseReturnValue:
    """How the store stands now."""
    return render_template("merchant/home.html", today=store_today(session(), me.store, now=tools().clock()))


@merchant.get("/settings/integrations/kustomer")
@signed_in
def any_kustomer() -> ResponseReturnValue:
    """To the Kustomer page of the only or last chosen store."""
    stores = stores_of(session(), current_user.id)
    if not stores:
        return redirect(url_for(".door"))
    chosen = next((one for one in stores if one.id == current_user.last_store_id), stores[0])
    return redirect(url_for(".kustomer", store=chosen.slug))


@merchant.post("/<store>/choose")
@member(StoreRole.VIEWER)
def choose(me: Member) -> ResponseReturnValue:
    """Make this the store that opens first."""
    require_action()
    with transaction() as writing:
        writing.get_one(Account, me.account.id).last_store_id = me.store.id
    return redirect(url_for(".home", store=me.store.slug))
