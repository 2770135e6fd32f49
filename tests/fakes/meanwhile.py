"""A folder that lets something happen at the worst moment."""

from collections.abc import Callable, Iterable
from pathlib import Path

from reviews_app.media.folder import FolderKeeper


class Meanwhile(FolderKeeper):
    """Something happens once, while the first file is being kept."""

    def __init__(self, folder: Path, act: Callable[[], object]) -> None:
        super().__init__(folder)
        self._acts = [act]

    def put(self, key: str, chunks: Iterable[bytes], content_type: str) -> None:
        if self._acts:
            self._acts.pop()()
        super().put(key, chunks, content_type)
