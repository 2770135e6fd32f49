"""What a link opens: its request, its order and how that stands, in the mail's language."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from reviews_app.db.database import session
from reviews_app.lib.email_address import mailbox_key
from reviews_app.models.order import Order
from reviews_app.models.review_request import LinkExpired, ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.find_review_request import find_review_request
from reviews_app.queries.order_to_review import LineToReview, OrderToReview, order_to_review
from reviews_app.services.submit_by_link import LinkedProduct
from reviews_app.web.page_language import choose_language
from reviews_app.web.review_form.form import ReviewForm
from reviews_app.web.review_links.by_token import by_token
from reviews_app.web.tools import tools


class AgainForm(FlaskForm):
    """Nothing but the token against foreign pages."""


@dataclass(frozen=True)
class OpenedLink:
    """A link that is ours."""

    token: str
    request: ReviewRequest
    store: Store

    @property
    def order(self) -> Order:
        """What was bought."""
        return self.request.order

    @property
    def address(self) -> str:
        """Whom the link was sent to; the order's address may have been corrected since."""
        mail, own = self.request.mail, self.order.customer.email
        is_own = mail is None or mail.is_erased or mailbox_key(mail.recipient) == mailbox_key(own)
        return own if mail is None or is_own else mail.recipient

    @cached_property
    def standing(self) -> OrderToReview:
        """How the order's products stand, as read by this request."""
        return order_to_review(session(), self.order)

    def line(self, product_id: UUID) -> LineToReview:
        """One product; raises NotFound for one the order does not hold."""
        return self.standing.line_of(product_id)

    def product(self, product_id: UUID) -> LinkedProduct:
        """One product as services take it."""
        return LinkedProduct(self.request, product_id)


def open_link(token: str) -> OpenedLink:
    """The link of this token, with the page's language settled; raises NotFound."""
    found = by_token(find_review_request, token)
    choose_language(found.store, found.request.language_code)
    return OpenedLink(token, found.request, found.store)


def has_run_out(link: OpenedLink) -> bool:
    """Whether the link's time is over."""
    try:
        link.request.check(tools().clock())
    except LinkExpired:
        return True
    return False


def gone_page(link: OpenedLink, why: str, *, typed: ReviewForm | None = None) -> ResponseReturnValue:
    """A kind word for a link that no longer opens a form, and for one that has run out a way to a new one.

    What was typed while the link still worked stands there, ready to copy.
    """
    words = {"shop": link.store, "link": link, "why": why, "again": AgainForm(), "typed": typed}
    return render_template("review_links/gone.html", **words), 410
