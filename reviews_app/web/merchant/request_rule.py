"""Settings > Requests: the rule as a sentence with fields in it, and the button that stops all mail."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.mail.request_words import LANGUAGES
from reviews_app.models.membership import StoreRole
from reviews_app.models.request_rule import RequestRule, default_rule
from reviews_app.queries.catalogue import product_names
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.queries.request_rule import rule_of, waits_of
from reviews_app.services.example_of_rule import example_of_rule
from reviews_app.services.save_request_rule import let_mail_go_on, save_rule, stop_all_mail
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.request_rule_form import RuleForm, form_of
from reviews_app.web.tools import tools

# What the button that stops all mail calls the page it stands on.
BACK = {"settings": "request_rule", "emails": "emails", "look_back": "look_back"}


@merchant.get("/<store>/settings/requests")
@member(StoreRole.MANAGER)
def request_rule(me: Member) -> ResponseReturnValue:
    """The rule as it stands, and what it would do with an order of today."""
    rule = rule_of(session(), me.store)
    products = product_names(session(), me.store)
    return _page(me, form_of(rule, waits_of(session(), me.store), products), rule)


@merchant.post("/<store>/settings/requests")
@member(StoreRole.MANAGER)
def save_request_rule(me: Member) -> ResponseReturnValue:
    """Save it, or say at its field what is wrong."""
    kept = rule_of(session(), me.store)
    form = RuleForm(products=product_names(session(), me.store))
    if form.more.data:
        form.add_rows()
        return _page(me, form, kept)
    if not form.validate_on_submit():
        return _page(me, form, kept), 422
    with transaction() as writing:
        save_rule(
            writing,
            me.store,
            form.details(),
            is_on=form.is_on.data,
            waits=form.days_by_product(),
            clock=tools().clock,
        )
    flash("Saved.", "ok")
    return redirect(url_for(".request_rule", store=me.store.slug), 303)


@merchant.post("/<store>/requests/<any(stop,resume):what>")
@member(StoreRole.MANAGER)
def stop_or_resume(me: Member, what: str) -> ResponseReturnValue:
    """Stop all mail now, or let it go on; back to the page the button stood on."""
    require_action()
    with transaction() as writing:
        if what == "stop":
            stop_all_mail(writing, me.store, clock=tools().clock)
            flash("Stopped. Nothing that asks for reviews leaves, and all of it stays planned.", "ok")
        else:
            let_mail_go_on(writing, me.store)
            flash("It goes on. What is due leaves at the next hour that suits.", "ok")
    return redirect(_back(me.store.slug, request.form.get("back", "")), 303)


def _back(slug: str, named: str) -> str:
    """The page that a button names as its own; the page of words by its language alone."""
    if named in LANGUAGES:
        return url_for(".email_texts", store=slug, language=named)
    return url_for(f".{BACK.get(named, 'requests')}", store=slug)


def _page(me: Member, form: RuleForm, kept: RequestRule) -> str:
    shown = kept
    if not form.errors:
        shown = default_rule(me.store.id)
        for name, value in form.data.items():
            if hasattr(shown, name) and isinstance(value, int) and name != "is_on":
                setattr(shown, name, value)
    return render_template(
        "merchant/request_rule.html",
        form=form,
        rule=kept,
        is_proven=mail_brand(session(), me.store).is_proven,
        example=example_of_rule(shown, store=me.store, now=tools().clock()),
    )
