"""An order that no shop system tells of, typed in by the merchant."""

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.integrations.own_shop.order import order_report
from reviews_app.models.membership import StoreRole
from reviews_app.models.order_report import ReportRefused
from reviews_app.queries.catalogue import what_can_be_bought
from reviews_app.queries.order_list import find_typed_order
from reviews_app.services.enter_order import NumberKnown, enter_order
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.order_form import OrderForm, form_of
from reviews_app.web.tools import tools


@merchant.get("/<store>/orders/new")
@member(StoreRole.MANAGER)
def new_order(me: Member) -> ResponseReturnValue:
    """An empty form, of today and of the store's own country; with a number, the order of it as it stands."""
    known = find_typed_order(session(), me.store, request.args.get("number", ""))
    if known is None:
        return _page(_form(me))
    bought = what_can_be_bought(session(), me.store)
    return _page(form_of(known, bought, store=me.store))


@merchant.post("/<store>/orders/new")
@member(StoreRole.MANAGER)
def create_order(me: Member) -> ResponseReturnValue:
    """Take it in as every other door does, or say what is wrong."""
    form = _form(me)
    if form.more.data:
        form.add_row()
        return _page(form)
    if not form.validate_on_submit():
        return _page(form), 422
    now, zone = tools().clock(), ZoneInfo(me.store.time_zone)
    try:
        report = order_report(form.report_values(now=now, zone=zone), as_of=now, now=now, zone=zone)
        with transaction() as writing:
            enter_order(writing, me.store, report, updates=form.update.data, clock=tools().clock)
    except ReportRefused as refused:
        form.refuse(refused)
        return _page(form), 422
    except NumberKnown as known:
        form.number.errors, form.update.data = [known.words], False
        return _page(form, may_update=known.may_be_updated), 422
    left = report.fulfilled_at or report.delivered_at
    flash(f"Order {report.number} is here. {'' if left else 'Once it has left, say so in its row.'}".strip(), "ok")
    return redirect(url_for(".orders", store=me.store.slug), 303)


def _form(me: Member) -> OrderForm:
    today = tools().clock().astimezone(ZoneInfo(me.store.time_zone)).date()
    return OrderForm(bought=what_can_be_bought(session(), me.store), placed_on=today, country=me.store.home_country)


def _page(form: OrderForm, *, may_update: bool = False) -> str:
    return render_template("merchant/order_new.html", form=form, may_update=may_update)
