"""What every command has in common: a database that cannot be used is told in one line."""

from typing import Any

import click
from sqlalchemy import exc

UNDEFINED_TABLE = "42P01"


class Command(click.Command):
    """A command whose failures are told to an operator; a fault of our own keeps its traceback."""

    def invoke(self, context: click.Context) -> Any:
        """Run it. Raises ClickException, which ends with 1."""
        try:
            return super().invoke(context)
        except (exc.DBAPIError, exc.TimeoutError) as failure:
            if not _is_the_database(failure):
                raise
            raise click.ClickException(database_trouble(failure)) from None


def database_trouble(failure: Exception) -> str:
    """One line: what the database said, and where to look."""
    said = str(getattr(failure, "orig", None) or failure).strip().partition("\n")[0]
    return (
        f"The database cannot be used: {said}. Look at DATABASE_URL, whether the server runs, "
        "and whether its tables are there (flask db upgrade)."
    )


def _is_the_database(failure: Exception) -> bool:
    if isinstance(failure, exc.OperationalError | exc.InterfaceError | exc.TimeoutError):
        return True
    return getattr(getattr(failure, "orig", None), "sqlstate", None) == UNDEFINED_TABLE
