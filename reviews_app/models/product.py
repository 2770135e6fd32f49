"""What the shop sells, under the shop's own ids."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Amount
from reviews_app.models.base import Base, Identified, StoreOwned


class ProductVariant(Identified, StoreOwned, Base):
    """One size or colour of a product."""

    __tablename__ = "product_variant"
    __table_args__ = (UniqueConstraint("store_id", "shop_id"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), index=True)
    shop_id: Mapped[str]
    name: Mapped[str]
    sku: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class ProductPicture(Identified, StoreOwned, Base):
    """One picture of a product; `name` is the stem of its files in the media storage.

    `mail_file` is the one that mails show: None until it was drawn, empty when it could not be; `mail_tries` is how
    often a worker began to draw it for itself alone.
    """

    __tablename__ = "product_picture"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), index=True)
    name: Mapped[str] = mapped_column(unique=True)
    alt: Mapped[str] = mapped_column(default="")
    mail_file: Mapped[str | None]
    mail_tries: Mapped[int] = mapped_column(default=0)
    width: Mapped[int]
    height: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)


class ProductPictureUpload(Identified, StoreOwned, Base):
    """A picture somebody sent for a product: its bytes lie here until it has been drawn anew, or could not be.

    `asked_at` is when a worker was last asked to draw it, `tries` how often one began.
    """

    __tablename__ = "product_picture_upload"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), index=True)
    original_name: Mapped[str] = mapped_column(default="")
    alt: Mapped[str] = mapped_column(default="")
    upload: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    trouble: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)


class Product(Identified, StoreOwned, Base):
    """A product page's subject; `withdrawn_at` is when the shop took it out of sale.

    `is_sketch`: an order named it before anybody described it.
    """

    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("store_id", "handle"), UniqueConstraint("store_id", "shop_id"))

    shop_id: Mapped[str]
    handle: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    price_minor: Mapped[int | None] = mapped_column(Amount)
    currency: Mapped[str] = mapped_column(default="USD")
    position: Mapped[int] = mapped_column(default=0)
    is_sketch: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    variants: Mapped[list[ProductVariant]] = relationship(order_by=ProductVariant.position)
    pictures: Mapped[list[ProductPicture]] = relationship(order_by=ProductPicture.position)
    picture_uploads: Mapped[list[ProductPictureUpload]] = relationship(order_by=ProductPictureUpload.id)

    @property
    def needs_picture(self) -> bool:
        """Whether its page, and every mail about it, still lacks one."""
        return not self.pictures

    def variant(self, variant_id: UUID | None) -> ProductVariant | None:
        """This product's variant of that id, or None."""
        if variant_id is None:
            return None
        return next((one for one in self.variants if one.id == variant_id), None)
