from dataclasses import dataclass, replace
from uuid import UUID

from markupsafe import Markup

from reviews_app.lib.addresses import Addresses
from reviews_app.services.tools import Tools

NO_MARKUP = Markup('"<')


@dataclass(frozen=True)
class BrokenAddresses(Addresses):
    """Some are markup that breaks the mail they stand in, which no text from outside can be."""

    product_id: UUID | None = None

    def confirmation(self, token: str) -> str:
        return NO_MARKUP

    def catalogue(self, store_slug: str) -> str:
        return NO_MARKUP

    def product_review_link(self, token: str, product_id: UUID, rating: int | None = None) -> str:
        return NO_MARKUP if product_id == self.product_id else super().product_review_link(token, product_id, rating)


def with_broken_addresses(tools: Tools, *, product_id: UUID | None = None) -> Tools:
    """Tools whose letters break, and their requests where they ask about this product."""
    usual = tools.addresses
    return replace(tools, addresses=BrokenAddresses(usual.public, usual.media, product_id))
