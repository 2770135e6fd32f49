"""The files a merchant takes to Kustomer: the workflow and the app, made for the store."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.integrations.kustomer.app_definition import app_file
from reviews_app.integrations.kustomer.workflow import workflow_file
from reviews_app.models.destination import OPENS_AT
from reviews_app.models.membership import StoreRole
from reviews_app.queries.example_parts import example_parts
from reviews_app.queries.find_destination import find_destination
from reviews_app.services.save_conversation_stars import save_conversation_stars
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.kustomer import KustomerForm, kustomer_page
from reviews_app.web.merchant.opening_form import OpeningForm
from reviews_app.web.tools import tools


@merchant.get("/<store>/settings/integrations/kustomer/workflow.json")
@member(StoreRole.MANAGER)
def kustomer_workflow(me: Member) -> ResponseReturnValue:
    """The workflow, with the stars saved last."""
    found = find_destination(session(), me.store)
    stars = found.opens_at if found else OPENS_AT
    return _file(me, "workflow", workflow_file(me.store, opens_at=stars, addresses=tools().addresses))


@merchant.get("/<store>/settings/integrations/kustomer/app.json")
@member(StoreRole.MANAGER)
def kustomer_app(me: Member) -> ResponseReturnValue:
    """The app, with the store's own product and questions in its sample."""
    return _file(me, "app", app_file(example_parts(session(), me.store), addresses=tools().addresses))


@merchant.post("/<store>/settings/integrations/kustomer/conversations")
@member(StoreRole.MANAGER)
def save_stars(me: Member) -> ResponseReturnValue:
    """Keep the stars, or say at the question what is wrong."""
    form = OpeningForm()
    if not form.validate_on_submit():
        found = find_destination(session(), me.store)
        return kustomer_page(me, KustomerForm.of(found), found, opening=form), 422
    with transaction() as writing:
        save_conversation_stars(writing, me.store, int(form.opens_at.data))
    flash("Saved. Take the workflow to Kustomer once more: the file has changed.", "ok")
    return redirect(url_for(".kustomer", store=me.store.slug, _anchor="ready-made"), 303)


def _file(me: Member, name: str, content: bytes) -> Response:
    answer = Response(content, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="product-reviews-{me.store.slug}-{name}.json"'
    return answer
