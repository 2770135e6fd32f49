"""How a store's mails look and what they say."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base, Identified, StoreOwned


class MailStyle(Identified, StoreOwned, Base):
    """One a store: logo, accent as typed (`#RRGGBB`), own words, and whether opened mails are counted.

    `texts[language][kind][part]` holds only what the merchant wrote; all else is the usual words. A logo just
    uploaded lies in `logo_upload` until it has been drawn anew under `logo_name`, or could not be;
    a worker was last asked to at `logo_asked_at`, and `logo_tries` is how often one began.
    """

    __tablename__ = "mail_style"
    __table_args__ = (UniqueConstraint("store_id"),)

    accent: Mapped[str] = mapped_column(default="")
    texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counts_opens: Mapped[bool] = mapped_column(default=False)
    logo_name: Mapped[str] = mapped_column(default="", index=True)
    logo_width: Mapped[int | None]
    logo_height: Mapped[int | None]
    logo_upload: Mapped[bytes | None]
    logo_trouble: Mapped[str] = mapped_column(default="")
    logo_asked_at: Mapped[datetime | None]
    logo_tries: Mapped[int] = mapped_column(default=0)
