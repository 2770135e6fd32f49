"""What the store's app in Kustomer is called, and everything that carries its name."""

import re
from dataclasses import dataclass

NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class AppNames:
    """Two stores of one Kustomer account stay apart, so every name holds the store's own."""

    app: str

    @property
    def klass(self) -> str:
        """The custom object: an app's klasses begin with its name and a dash."""
        return f"{self.app}-review"

    @property
    def event(self) -> str:
        """What the app's hook calls a review that was left; the workflow's trigger listens to it."""
        return f"kustomer.app.{self.app}.review-left"

    @property
    def card(self) -> str:
        """The view of the object on the timeline."""
        return f"kustomer.app.{self.app}.review-card"


def app_names(store_slug: str) -> AppNames:
    """Kustomer's app names hold small letters, digits and underscores."""
    return AppNames("product_reviews_" + NOT_IN_A_NAME.sub("_", store_slug.lower()).strip("_"))
