"""Whether each review reached the helpdesk, and why not."""

from datetime import timedelta
from uuid import UUID

import orjson
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.models.delivery import DeliveryState
from reviews_app.models.membership import StoreRole
from reviews_app.queries.bulk_sends import bulk_sends_under_way
from reviews_app.queries.delivery_counts import delivery_counts
from reviews_app.queries.delivery_list import attempts_of, delivery_page, find_delivery
from reviews_app.queries.find_destination import find_destination
from reviews_app.services.replay_delivery import DeliveryBusy, SendingHeld, replay_delivery
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.bulk_forms import PER_MINUTE
from reviews_app.web.merchant.held_words import held_until
from reviews_app.web.tools import tools

# A delivery due within this time is worth staying on its page for.
SOON = timedelta(seconds=15)


@merchant.get("/<store>/deliveries")
@member(StoreRole.VIEWER)
def deliveries(me: Member) -> ResponseReturnValue:
    """The newest first, by state if asked."""
    asked = request.args.get("state", "")
    state = DeliveryState(asked) if asked in set(DeliveryState) else None
    page = delivery_page(session(), me.store, state=state, after=request.args.get("after", ""))
    counts = delivery_counts(session(), me.store.id)
    return render_template(
        "merchant/deliveries.html",
        page=page,
        state=state,
        states=list(DeliveryState),
        counts=counts,
        destination=find_destination(session(), me.store),
        bulks=bulk_sends_under_way(session(), me.store),
        per_minute=PER_MINUTE,
    )


@merchant.get("/<store>/deliveries/<uuid:delivery_id>")
@member(StoreRole.VIEWER)
def delivery(me: Member, delivery_id: UUID) -> ResponseReturnValue:
    """One delivery's tries: the plain cause first, the status second, the raw answer folded."""
    found = find_delivery(session(), me.store, delivery_id)
    return render_template(
        "merchant/delivery.html",
        delivery=found,
        attempts=attempts_of(session(), found),
        body=_readable(found.body),
        until=held_until(found.destination),
        soon=tools().clock() + SOON,
    )


@merchant.post("/<store>/deliveries/<uuid:delivery_id>/again")
@member(StoreRole.MODERATOR)
def send_again(me: Member, delivery_id: UUID) -> ResponseReturnValue:
    """Send it again, the same bytes."""
    require_action()
    try:
        with transaction() as writing:
            found = find_delivery(writing, me.store, delivery_id)
            is_held = replay_delivery(writing, found, clock=tools().clock) is DeliveryState.HELD
            until = held_until(found.destination)
        flash(f"It is held until {until}." if is_held else "It is on its way again.", "ok")
    except SendingHeld:
        flash("Kustomer has it already. Send it again once sending goes on.", "info")
    except DeliveryBusy:
        flash("It is being sent at this moment.", "info")
    return redirect(url_for(".delivery", store=me.store.slug, delivery_id=delivery_id), 303)


def _readable(body: bytes | None) -> str:
    """The body as sent, on lines of its own."""
    return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode() if body else ""
