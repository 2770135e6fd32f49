"""Orders, and the requests sent for them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.models.membership import StoreRole
from reviews_app.queries.order_list import find_order, order_page
from reviews_app.services.request_refused import RequestRefused
from reviews_app.services.request_reviews import request_reviews
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.times import store_time
from reviews_app.web.tools import tools


@merchant.get("/<store>/orders")
@member(StoreRole.VIEWER)
def orders(me: Member) -> ResponseReturnValue:
    """The newest first, each with how its request stands."""
    now = tools().clock()
    page = order_page(session(), me.store, after=request.args.get("after", ""), now=now)
    return render_template("merchant/orders.html", page=page, now=now)


@merchant.post("/<store>/orders/<uuid:order_id>/request")
@member(StoreRole.MANAGER)
def send_request(me: Member, order_id: UUID) -> ResponseReturnValue:
    """Ask the buyer for reviews, by mail."""
    require_action()
    try:
        with transaction() as writing:
            order = find_order(writing, me.store, order_id)
            request_reviews(writing, order, store=me.store, tools=tools(), cools_down=True)
        flash("The request is on its way.", "ok")
    except RequestRefused as refused:
        flash(_words_of(refused), "warn")
    return redirect(url_for(".orders", store=me.store.slug), 303)


def _words_of(refused: RequestRefused) -> str:
    """Why not, and from when it may."""
    return f"{refused.words} It may go from {store_time(refused.until)}." if refused.until else refused.words
