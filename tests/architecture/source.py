"""Reads the project's own files for the rules in this folder."""

import ast
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
PACKAGE = TOP / "reviews_app"


def python_files(*, but: tuple[str, ...] = ()) -> list[Path]:
    """The package's modules, except those whose path begins with one of `but`."""
    found = sorted(PACKAGE.rglob("*.py"))
    assert len(found) > 50, "the package was not found"
    return [path for path in found if not any(name(path).startswith(start) for start in but)]


def name(path: Path) -> str:
    """A path as seen from the top."""
    return path.relative_to(TOP).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
