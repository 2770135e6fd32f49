from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, exc, text

from reviews_app.cli.command import Command


def command_that(fails: Callable[[], object]) -> Command:
    return Command("try", callback=fails)


def raising(failure: Exception) -> Callable[[], object]:
    def fails() -> None:
        raise failure

    return fails


class Undefined(Exception):
    sqlstate = "42P01"


class Misspelled(Exception):
    sqlstate = "42601"


@pytest.mark.parametrize(
    "failure",
    [
        exc.OperationalError("SELECT 1", {}, Exception("connection refused\nIs the server running?")),
        exc.InterfaceError("SELECT 1", {}, Exception("connection refused")),
        exc.ProgrammingError("SELECT 1", {}, Undefined("connection refused")),
        exc.TimeoutError("connection refused"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_and_ends_with_1(failure: Exception) -> None:
    ended = CliRunner().invoke(command_that(raising(failure)))
    assert ended.exit_code == 1
    assert ended.output.startswith("Error: The database cannot be used: connection refused. Look at DATABASE_URL")
    assert len(ended.output.splitlines()) == 1


def test_tables_that_are_not_there_name_the_command_that_makes_them() -> None:
    def reads() -> None:
        with create_engine("sqlite://").connect() as connection:
            connection.execute(text("SELECT * FROM review"))

    ended = CliRunner().invoke(command_that(reads))
    assert "no such table: review" in ended.output
    assert "flask db upgrade" in ended.output


@pytest.mark.parametrize(
    "failure",
    [
        exc.ProgrammingError("SELEC", {}, Misspelled("syntax error")),
        exc.IntegrityError("INSERT", {}, Exception("twice")),
        ZeroDivisionError(),
    ],
)
def test_a_fault_of_our_own_keeps_its_traceback(failure: Exception) -> None:
    ended = CliRunner().invoke(command_that(raising(failure)))
    assert ended.exception is failure


def test_what_went_well_says_nothing_more() -> None:
    ended = CliRunner().invoke(command_that(lambda: click.echo("done")))
    assert (ended.exit_code, ended.output) == (0, "done\n")
