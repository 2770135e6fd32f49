"""All products of an order, each with its way to the form or its thank-you."""

from flask import render_template
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session
from reviews_app.queries.find_review_request import find_review_request
from reviews_app.web.guards import by_link
from reviews_app.web.page_language import choose_language
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.tools import tools


@review_links.get("")
@by_link
def order_page(token: str) -> ResponseReturnValue:
    """What may still be reviewed, and what was."""
    found = find_review_request(session(), token)
    choose_language(found.store)
    request = found.request
    used = {use.product_id for use in request.uses}
    lines = {line.product_id: line for line in request.order.lines}.values()
    page = render_template(
        "review_links/order.html",
        shop=found.store,
        order=request.order,
        lines=[(line, line.product_id in used) for line in lines],
        is_over=tools().clock() >= request.expires_at,
        token=token,
    )
    return page, 410 if tools().clock() >= request.expires_at else 200
