"""Copies every file from one keeper to another: killed anywhere and run again it goes on."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviews_app.media.keeper import Keeper
from reviews_app.media.storage import FOLDERS, OPAQUE, TYPES


@dataclass(slots=True)
class Moved:
    """How many files were copied, and how many lay there already."""

    copied: int = 0
    equal: int = 0


def copy_files(source: Keeper, target: Keeper) -> Iterator[Moved]:
    """Copy what is not there in full length; gives the counts after each file. May raise StorageAway.

    A key never gets other bytes, and a keeper shows a file whole or not at all: equal length is the same file.
    """
    moved = Moved()
    for folder in FOLDERS:
        for kept in source.keys(folder):
            if target.size(kept.key) == kept.byte_count:
                moved.equal += 1
            else:
                kind = TYPES.get(kept.key.rpartition(".")[2], OPAQUE)
                target.put(kept.key, source.read(kept.key, 0, kept.byte_count), kind)
                moved.copied += 1
            yield moved


def clear_files(source: Keeper, target: Keeper) -> int:
    """Remove what lies in full length at its new place as well; gives how many files. May raise StorageAway."""
    cleared = 0
    for folder in FOLDERS:
        for kept in list(source.keys(folder)):
            if target.size(kept.key) == kept.byte_count:
                source.remove([kept.key])
                cleared += 1
    return cleared
