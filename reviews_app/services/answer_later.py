"""Notes what a buyer answered instead of a review: ask again in two weeks, or leave it out."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.store import Store
from reviews_app.services.plan_follow_ups import plan_wished
from reviews_app.services.submit_by_link import LinkedProduct, lock_order, open_line
from reviews_app.services.tools import Tools

LATER = timedelta(days=14)


def answer_later(session: Session, linked: LinkedProduct, wish: Wish, *, tools: Tools) -> LineWish:
    """Keep the wish; the last one counts. Raises LinkExpired, LinkUsed, ProductGivenBack or NotFound."""
    lock_order(session, linked.request)
    open_line(session, linked, tools=tools)
    now = tools.clock()
    order = linked.request.order
    mine = select(LineWish).where(LineWish.order_id == order.id, LineWish.product_id == linked.product_id)
    row = session.scalar(mine)
    if row is None:
        row = LineWish(store_id=order.store_id, order_id=order.id, product_id=linked.product_id)
        session.add(row)
    row.wish = wish
    row.ask_at = now + LATER if wish is Wish.LATER else None
    row.wished_at = now
    linked.request.started_at = linked.request.started_at or now
    session.flush()
    plan_wished(session, order, store=session.get_one(Store, order.store_id), now=now)
    return row
