"""What the order's page shows beside the open form."""

from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask_wtf import FlaskForm

from reviews_app.models.order import Order
from reviews_app.queries.order_to_review import LineToReview, OrderToReview, Standing
from reviews_app.queries.review_list import ShownReview, shown_review
from reviews_app.web.review_links.opened import OpenedLink


class NotNowForm(FlaskForm):
    """Nothing but the token against foreign pages; one form for the buttons of all lines."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """`opened` is the line whose form is open, `asked` one that was asked for and has no form any more."""

    link: OpenedLink
    standing: OrderToReview
    not_now: NotNowForm
    opened: LineToReview | None = None
    asked: LineToReview | None = None
    said: LineToReview | None = None

    @property
    def token(self) -> str:
        """The link's."""
        return self.link.token

    @property
    def order(self) -> Order:
        """What was bought."""
        return self.link.order

    def shown(self, line: LineToReview) -> ShownReview | None:
        """A line's review as the shop's visitors see it."""
        return shown_review(line.review, self.link.store) if line.review else None

    @property
    def others(self) -> list[LineToReview]:
        """The lines below."""
        return [one for one in self.standing.lines if one not in (self.opened, self.asked)]


def order_view(link: OpenedLink, *, opened: LineToReview | None = None, asked: LineToReview | None = None) -> OrderView:
    """The page's parts; the address may name the line whose answer just came in."""
    said = _named(link.standing, request.args.get("said", ""))
    return OrderView(link, link.standing, NotNowForm(), opened=opened, asked=asked, said=said)


def _named(standing: OrderToReview, product_id: str) -> LineToReview | None:
    """Only a line that has been answered: an address alone cannot claim that something was saved."""
    try:
        wanted = UUID(product_id)
    except ValueError:
        return None
    answered = (one for one in standing.lines if one.standing is not Standing.OPEN)
    return next((one for one in answered if one.product_id == wanted), None)
