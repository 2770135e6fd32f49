"""What every table shares: one metadata, fixed constraint names, our column types."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, MetaData, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from reviews_app.lib.column_types import SealedText, UtcDateTime
from reviews_app.lib.ids import new_id
from reviews_app.lib.sealed import Sealed

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


REGISTRY = registry(
    metadata=MetaData(naming_convention=NAMES),
    type_annotation_map={
        str: Text(),
        UUID: Uuid(),
        datetime: UtcDateTime(),
        Sealed: SealedText(),
        list[str]: JSON(),
    },
)


class Base(DeclarativeBase):
    """The one declarative base; Flask-SQLAlchemy makes its own beside it on the same registry."""

    registry = REGISTRY


class Identified:
    """A row with a UUIDv7 of its own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-2)


class StoreOwned:
    """A row that belongs to one store; only that store's loaders may read it."""

    @declared_attr
    @classmethod
    def store_id(cls) -> Mapped[UUID]:
        return mapped_column(ForeignKey("store.id"), index=True, sort_order=-1)
