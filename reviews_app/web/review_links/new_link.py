"""A link that has run out asks for a new one: it goes to the order's own address, and the page tells nothing."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import transaction
from reviews_app.services.send_new_link import send_new_link
from reviews_app.web.guards import by_link
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.review_links.opened import AgainForm, gone_page, has_run_out, open_link
from reviews_app.web.tools import tools


@review_links.post("/again")
@by_link
def send_again(token: str) -> ResponseReturnValue:
    """The same words whether a mail goes or not."""
    link = open_link(token)
    if not has_run_out(link):
        return redirect(url_for(".order_page", token=token), 303)
    if not AgainForm().validate_on_submit():
        return gone_page(link, "expired")
    with transaction() as writing:
        send_new_link(writing, link.order, store=link.store, tools=tools())
    return gone_page(link, "asked")
