"""Settings > Requests > Earlier orders: who would be asked, and a pace."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from reviews_app.db.database import session, transaction
from reviews_app.models.membership import StoreRole
from reviews_app.models.request_rule import RequestRule
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.queries.request_rule import rule_of
from reviews_app.services.look_back import NobodyToAsk, look_back_under_way, preview, start_look_back
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.request_rule_form import Days
from reviews_app.web.tools import tools

MOST_BACK, MOST_PER_DAY = 730, 5000


class LookBackForm(FlaskForm):
    """How far back, and how many a day."""

    days = Days("Days back", least=1, most=MOST_BACK, default=60)
    per_day = Days("Requests a day", least=1, most=MOST_PER_DAY, of="", default=50)


@merchant.get("/<store>/settings/requests/past")
@member(StoreRole.MANAGER)
def look_back(me: Member) -> ResponseReturnValue:
    """The preview of what the address asks for; looking changes nothing."""
    form = LookBackForm(request.args or None, meta={"csrf": False})
    is_valid = not request.args or form.validate()
    return _page(me, form, is_valid=is_valid), 200 if is_valid else 422


@merchant.post("/<store>/settings/requests/past")
@member(StoreRole.MANAGER)
def start_looking_back(me: Member) -> ResponseReturnValue:
    """Ask them, so many a day."""
    form = LookBackForm()
    rule, is_proven = rule_of(session(), me.store), mail_brand(session(), me.store).is_proven
    if not form.validate_on_submit():
        return _page(me, form, is_valid=False), 422
    if not rule.is_on:
        flash("Switch requests on first.", "warn")
        return redirect(url_for(".request_rule", store=me.store.slug), 303)
    since = tools().clock() - timedelta(days=form.days.data or 0)
    try:
        with transaction() as writing:
            kept = rule_of(writing, me.store)
            start_look_back(writing, me.store, kept, since=since, per_day=form.per_day.data or 1, clock=tools().clock)
        flash(f"They are being planned. {_first_mails(rule, is_proven=is_proven)}", "ok")
    except NobodyToAsk:
        flash("There is nobody left to ask in that time.", "info")
    return redirect(url_for(".requests", store=me.store.slug), 303)


def _first_mails(rule: RequestRule, *, is_proven: bool) -> str:
    if rule.is_stopped:
        return "None goes out before you let mail go on."
    return "The first mails go out tomorrow." if is_proven else "None goes out before a test mail was received."


def _page(me: Member, form: LookBackForm, *, is_valid: bool) -> str:
    rule = rule_of(session(), me.store)
    seen = None
    if is_valid:
        now = tools().clock()
        since = now - timedelta(days=form.days.data or 0)
        seen = preview(session(), me.store, rule, since=since, per_day=form.per_day.data or 1, now=now)
    return render_template(
        "merchant/look_back.html",
        form=form,
        seen=seen,
        rule=rule,
        is_proven=mail_brand(session(), me.store).is_proven,
        running=look_back_under_way(session(), me.store),
    )
