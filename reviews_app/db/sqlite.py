"""What SQLite needs to be trusted: WAL, full sync, foreign keys, patience, and transactions begun by us.

Python's driver begins its own transactions at the first write; a read that later writes then fails with
"database is locked" at once. So the driver's own habit is switched off and BEGIN is ours: deferred for
pages, IMMEDIATE for `transaction()`.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event

BUSY_MS = 5000
IMMEDIATE = "begin_immediate"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",
)


def prepare_sqlite(engine: Engine) -> None:
    """Set every new connection up and begin transactions ourselves."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
