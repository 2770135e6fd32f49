"""Every public address, made from PUBLIC_URL: never from a request's Host header."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from reviews_app.lib.viewing_key import viewing_key


class Viewable(Protocol):
    """A row whose files may need a key: the stem of their names, and the secret of their keys."""

    @property
    def name(self) -> str:
        """The stem."""

    @property
    def view_key(self) -> str:
        """The secret."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where shoppers and merchants reach us; `public` and `media` carry no trailing slash."""

    public: str
    media: str

    def catalogue(self, store_slug: str) -> str:
        """The shop's list of products."""
        return f"{self.public}/stores/{store_slug}"

    def product_page(self, store_slug: str, handle: str) -> str:
        """A product's page."""
        return f"{self.catalogue(store_slug)}/products/{handle}"

    def review_link(self, token: str) -> str:
        """All products of the order a token stands for."""
        return f"{self.public}/r/{token}"

    def product_review_link(self, token: str, product_id: UUID, rating: int | None = None) -> str:
        """The form for one product of the order, with a star chosen or not."""
        preselected = "" if rating is None else f"?rating={rating}"
        return f"{self.review_link(token)}/{product_id}{preselected}"

    def unsubscribe(self, token: str) -> str:
        """Where a buyer says no to further requests; a POST there is the one click of RFC 8058."""
        return f"{self.review_link(token)}/unsubscribe"

    def seen(self, token: str) -> str:
        """The picture that says a mail was opened; in mails only where the merchant counts that."""
        return f"{self.review_link(token)}/seen.gif"

    def sender_test(self, store_slug: str, token: str) -> str:
        """Where a merchant says that the test mail was received."""
        return f"{self.email_settings(store_slug)}/received/{token}"

    def email_settings(self, store_slug: str) -> str:
        """The merchant's page about mails."""
        return f"{self.public}/merchant/{store_slug}/settings/emails"

    def invitation(self, token: str) -> str:
        """Where an invited person joins a store."""
        return f"{self.public}/merchant/join/{token}"

    def picture(self, name: str, width: int) -> str:
        """A re-encoded picture of at most that width; `name` is the stem kept on its row."""
        return f"{self.media}/{name}-{width}.webp"

    def mail_picture(self, name: str, file: str) -> str:
        """A picture as mails show it; `file` is the one kept for them."""
        return f"{self.media}/{name}-{file}"

    def video(self, name: str) -> str:
        """A re-encoded video; its poster is the picture of the same name."""
        return f"{self.media}/{name}-video.mp4"

    def keyed_picture(self, one: Viewable, width: int, until: int | None = None) -> str:
        """A picture with its key: it opens whether its review is published or not, until then or for good."""
        return self.picture(one.name, width) + _key(one, until)

    def keyed_video(self, one: Viewable, until: int | None = None) -> str:
        """A video with its key."""
        return self.video(one.name) + _key(one, until)

    def deliveries(self, store_slug: str) -> str:
        """The merchant's list of deliveries."""
        return f"{self.public}/merchant/{store_slug}/deliveries"

    def review_in_dashboard(self, store_slug: str, review_id: str) -> str:
        """A review as the merchant sees it, after sign-in; the id may be a place for one."""
        return f"{self.public}/merchant/{store_slug}/reviews/{review_id}"

    def requests(self, store_slug: str) -> str:
        """The merchant's page of requests."""
        return f"{self.public}/merchant/{store_slug}/requests"

    def person(self, store_slug: str, customer_id: UUID) -> str:
        """All that happened with one buyer, for the merchant."""
        return f"{self.requests(store_slug)}/people/{customer_id}"

    def kustomer_settings(self, store_slug: str) -> str:
        """The merchant's Kustomer page."""
        return f"{self.public}/merchant/{store_slug}/settings/integrations/kustomer"

    def reward_settings(self, store_slug: str) -> str:
        """The merchant's page of rewards."""
        return f"{self.public}/merchant/{store_slug}/settings/rewards"

    def confirmation(self, token: str) -> str:
        """Where the owner of an address says whether a review is theirs."""
        return f"{self.public}/confirm/{token}"

    def merchant_review(self, store_slug: str, review_id: UUID) -> str:
        """The merchant's page of one review."""
        return f"{self.public}/merchant/{store_slug}/reviews/{review_id}"

    def callback(self, store_slug: str, name: str) -> str:
        """Where a shop's machine sends its `orders` or `products`, or Shopify and WooCommerce everything."""
        return f"{self.public}/callbacks/{store_slug}/{name}"


def _key(one: Viewable, until: int | None) -> str:
    key = viewing_key(one.view_key, until=until)
    return f"?key={key}" if until is None else f"?until={until}&key={key}"
