"""Who may sign in. Integer ids and mixins are Flask-Security's (decision record 3)."""

from datetime import datetime
from uuid import UUID

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.models.base import Base

account_role = Table(
    "account_role",
    Base.metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A role over the whole installation; roles in a store live on the membership."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str | None]


class Account(Base, UserMixin):
    """A person who signs in."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None]
    last_store_id: Mapped[UUID | None]
    roles: Mapped[list[Role]] = relationship(Role, secondary=account_role, lazy="selectin")  # type: ignore[assignment]
