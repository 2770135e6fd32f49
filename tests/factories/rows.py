from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.tables import METADATA


def every_row(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All that the database holds, so that a test can say that nothing was written."""
    session.flush()
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in METADATA.sorted_tables
    }
