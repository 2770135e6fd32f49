"""No more requests: a page with a button, and the one click of RFC 8058."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from reviews_app.db.database import transaction
from reviews_app.services.unsubscribe import unsubscribe
from reviews_app.web.guards import by_link
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.review_links.opened import open_link
from reviews_app.web.tools import tools


class StopForm(FlaskForm):
    """Nothing but the token against foreign pages."""


@review_links.get("/unsubscribe")
@by_link
def ask_to_stop(token: str) -> ResponseReturnValue:
    """The page; opening it changes nothing."""
    found = open_link(token)
    return render_template("review_links/unsubscribe.html", shop=found.store, form=StopForm(), is_done=False)


@review_links.post("/unsubscribe")
@by_link
def stop(token: str) -> ResponseReturnValue:
    """Stop. A mail program posts `List-Unsubscribe=One-Click` without cookies: the token alone is its right."""
    found = open_link(token)
    one_click = request.form.get("List-Unsubscribe") == "One-Click"
    form = StopForm()
    if not one_click and not form.validate_on_submit():
        page = render_template("review_links/unsubscribe.html", shop=found.store, form=form, is_done=False)
        return page, 422
    with transaction() as writing:
        unsubscribe(writing, found.order.customer, clock=tools().clock)
    return render_template("review_links/unsubscribe.html", shop=found.store, form=form, is_done=True)
