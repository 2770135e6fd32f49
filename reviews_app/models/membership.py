"""Who works in which store, and as what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.account import Account
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.store import Store


class StoreRole(StrEnum):
    """What a member may do; each role may do all that the ones before it may."""

    VIEWER = "viewer"
    MODERATOR = "moderator"
    MANAGER = "manager"
    OWNER = "owner"

    def may_act_as(self, needed: "StoreRole") -> bool:
        """Whether this role covers the needed one."""
        order = list(StoreRole)
        return order.index(self) >= order.index(needed)


class Membership(Identified, StoreOwned, Base):
    """One person's place in one store."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("store_id", "account_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[StoreRole] = mapped_column(Word(StoreRole))
    created_at: Mapped[datetime]
    account: Mapped[Account] = relationship(lazy="joined")
    store: Mapped[Store] = relationship(lazy="joined")
