"""Queries are compiled once a test process, not once an application: that was a fifth of the suite's time."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.sql.compiler import Compiled

Key = tuple[Any, ...]


class CompiledQueries(dict[Key, Compiled]):
    """Of one kind of database. A key begins with the engine's own dialect, which is the same for all engines here."""

    def get(self, key: Key, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Key, value: Compiled) -> None:
        super().__setitem__(key[1:], value)


def keep_compiled_queries() -> None:
    """What one application's engine compiled serves every engine of the same driver."""
    made: dict[str, CompiledQueries] = {}

    def kept(self: Engine) -> CompiledQueries:
        return made.setdefault(f"{self.dialect.name}+{self.dialect.driver}", CompiledQueries())

    def leave_out(_self: Engine, _own: object) -> None:
        """An engine's own cache begins empty and is not used."""

    Engine._compiled_cache = property(kept, leave_out)  # type: ignore[assignment]
