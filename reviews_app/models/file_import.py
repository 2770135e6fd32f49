"""A file of orders or products a merchant sent, and how far it has been taken in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned


class ImportKind(StrEnum):
    """What its lines are."""

    ORDERS = "orders"
    PRODUCTS = "products"


class ImportState(StrEnum):
    """Where it stands; a refused file has changed nothing."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


UNFINISHED = frozenset({ImportState.WAITING, ImportState.RUNNING})


class FileImport(Identified, StoreOwned, Base):
    """One uploaded file. `done` of `total` orders or products are in the shop, counted in the transaction that put
    them there, so that a stopped run goes on where it was. `tries` counts the runs since then: one that breaks off
    each time at the same place is given up. The content goes once it is finished."""

    __tablename__ = "file_import"

    kind: Mapped[ImportKind] = mapped_column(Word(ImportKind))
    state: Mapped[ImportState] = mapped_column(Word(ImportState), default=ImportState.WAITING)
    file_name: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    line_count: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    errors: Mapped[list[Any]] = mapped_column(JSON, default=list)
    error_count: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    enqueued_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
