"""Home answers in sentences, and a checklist ticked from real state until set-up is done."""

from flask import render_template
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session
from reviews_app.models.membership import StoreRole
from reviews_app.queries.store_today import store_today
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools


@merchant.get("/<store>")
@member(StoreRole.VIEWER)
def home(me: Member) -> ResponseReturnValue:
    """How the store stands now."""
    return render_template("merchant/home.html", today=store_today(session(), me.store, now=tools().clock()))
