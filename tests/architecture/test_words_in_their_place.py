import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import TOP, functions, name, python_files

DISPATCH = "reviews_app/services/dispatch/"


def holders(pattern: str, *, but: tuple[str, ...]) -> list[str]:
    expression = re.compile(pattern)
    return [name(path) for path in python_files(but=but) if expression.search(path.read_text())]


def test_only_the_database_file_commits() -> None:
    assert holders(r"\.commit\(", but=("reviews_app/db/database.py",)) == []


def test_transactions_open_at_the_edge_and_in_dispatch_only() -> None:
    edges = ("reviews_app/web/", "reviews_app/jobs/", "reviews_app/cli/", "reviews_app/sandbox/", DISPATCH)
    assert holders(r"\btransaction\(\)", but=(*edges, "reviews_app/db/")) == []


def test_only_config_reads_the_environment() -> None:
    assert holders(r"os\.environ|getenv\(|\benviron\b\[", but=("reviews_app/config.py", "reviews_app/sandbox/")) == []


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{name(path)}:{node.lineno}"
        for path in python_files()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_nobody_catches_everything_but_the_job_runner() -> None:
    assert (
        holders(
            r"except (Exception|BaseException)\b|except:",
            but=("reviews_app/jobs/run_job.py", "reviews_app/db/database.py"),
        )
        == []
    )


def templates() -> list[Path]:
    return sorted((TOP / "templates").rglob("*.*"))


@pytest.mark.parametrize(
    "pattern", [r"\|\s*safe\b", r"<[^>{]*\son[a-z]+\s*=", r"\sstyle\s*=", r"javascript:", r"autoescape false"]
)
def test_templates_hold_no_unescaped_text_and_nothing_inline(pattern: str) -> None:
    pages = [path for path in templates() if path.suffix in {".html", ".xml"}]
    assert pages
    assert [name(path) for path in pages if re.search(pattern, path.read_text())] == []


def test_inline_scripts_are_data_only() -> None:
    opening = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)", re.I)
    assert [name(path) for path in templates() if opening.search(path.read_text())] == []
