"""Addresses are compiled once a test process, not once an application: that was a quarter of the suite's time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


def keep_compiled_routes() -> None:
    """What one application's rule compiled serves the same rule of the next; a builder knows nothing but its rule."""
    made: dict[tuple[Any, ...], Builder] = {}
    compile_builder = Rule._compile_builder

    @wraps(compile_builder)
    def kept(self: Rule, append_unknown: bool = True) -> Builder:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, tuple(self._trace), defaults, append_unknown)
        if key not in made:
            made[key] = compile_builder(self, append_unknown)
        return made[key]

    Rule._compile_builder = kept  # type: ignore[method-assign]
