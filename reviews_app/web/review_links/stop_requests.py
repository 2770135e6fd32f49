"""How often a buyer is asked: a page with buttons, and the one click of RFC 8058. No sign-in: the link is enough."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField

from reviews_app.db.database import session, transaction
from reviews_app.lib.email_address import masked_email
from reviews_app.models.suppression import SuppressionReason
from reviews_app.queries.suppressions import suppressed
from reviews_app.services.unsubscribe import AskedHow, choose_how_asked
from reviews_app.web.form_fields import choice
from reviews_app.web.guards import by_link
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.review_links.opened import OpenedLink, open_link
from reviews_app.web.tools import tools


class StopForm(FlaskForm):
    """Whoever presses the one button chooses "never"; the others stand beside it."""

    how = RadioField(choices=[choice(how, how) for how in AskedHow])


@review_links.get("/unsubscribe")
@by_link
def ask_to_stop(token: str) -> ResponseReturnValue:
    """The page; opening it changes nothing."""
    found = open_link(token)
    return _page(found, StopForm(formdata=None, how=AskedHow.NEVER))


@review_links.post("/unsubscribe")
@by_link
def stop(token: str) -> ResponseReturnValue:
    """Keep the choice. A mail program posts `List-Unsubscribe=One-Click` without cookies: the token is its right."""
    found = open_link(token)
    is_one_click = request.form.get("List-Unsubscribe") == "One-Click"
    form = StopForm()
    if not is_one_click and not form.validate_on_submit():
        return _page(found, form), 422
    how = AskedHow.NEVER if is_one_click else AskedHow(form.how.data)
    with transaction() as writing:
        choose_how_asked(writing, found.order.customer, how, address=found.address, clock=tools().clock)
    if is_one_click:
        return make_response("", 200)
    return _page(found, StopForm(formdata=None, how=how), done=how)


def _page(found: OpenedLink, form: StopForm, *, done: AskedHow | None = None) -> str:
    address, customer = found.address, found.order.customer
    reason = suppressed(session(), found.store.id, [address], now=tools().clock()).get(address)
    return render_template(
        "review_links/unsubscribe.html",
        shop=found.store,
        form=form,
        done=done,
        address=masked_email(address),
        is_stopped=reason is SuppressionReason.UNSUBSCRIBED,
        asks_once=address == customer.email and customer.no_reminders_at is not None,
    )
