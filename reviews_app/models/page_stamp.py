"""Which state of a shop's page stands in the database: what a kept page is checked against (decision record 8)."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base, StoreOwned


class PageStamp(StoreOwned, Base):
    """The stamps of one product, or of the store itself: new and random whenever something of it that shows changes.

    `form_stamp` changes alone with what its review form shows: with a question or a picture, not with a review.
    """

    __tablename__ = "page_stamp"

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    stamp: Mapped[str]
    form_stamp: Mapped[str]
