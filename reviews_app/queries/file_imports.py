"""A store's files of orders and products, and how far they are."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.file_import import FileImport, ImportKind
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound

SHOWN = 10


def find_import(session: Session, store: Store, import_id: UUID) -> FileImport:
    """One file of a store; raises NotFound, another store's counts as absent."""
    found = session.scalar(select(FileImport).where(FileImport.store_id == store.id, FileImport.id == import_id))
    if found is None:
        raise NotFound
    return found


def last_imports(session: Session, store: Store, kind: ImportKind) -> list[FileImport]:
    """The last ten of a kind, the newest first."""
    mine = select(FileImport).where(FileImport.store_id == store.id, FileImport.kind == kind)
    return list(session.scalars(mine.order_by(FileImport.created_at.desc(), FileImport.id.desc()).limit(SHOWN)))
