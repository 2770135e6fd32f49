"""Files with something changed at random, the same ones for the same seed."""

import random
from collections.abc import Callable, Iterator, Sequence

KEPT = 12


def mutated(whole: Sequence[bytes], *, count: int, seed: int) -> Iterator[bytes]:
    """So many, each of one of these; the first bytes stay, so that every one gets past the door."""
    chance = random.Random(seed)
    for place in range(count):
        raw = bytearray(whole[place % len(whole)])
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            chance.choice(CHANGES)(raw, chance)
        yield bytes(raw)


def _flip(raw: bytearray, chance: random.Random) -> None:
    raw[_place(raw, chance)] ^= 1 << chance.randrange(8)


def _set(raw: bytearray, chance: random.Random) -> None:
    raw[_place(raw, chance)] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))


def _four(raw: bytearray, chance: random.Random) -> None:
    """A length, perhaps."""
    place = _place(raw, chance)
    raw[place : place + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\0\0\xff\xff", b"\x80\0\0\0"))


def _cut(raw: bytearray, chance: random.Random) -> None:
    place = _place(raw, chance)
    del raw[place : place + chance.choice((1, 8, 100, len(raw) // 2))]


def _double(raw: bytearray, chance: random.Random) -> None:
    place = _place(raw, chance)
    raw[place:place] = raw[place : place + chance.choice((1, 16, 500))]


def _noise(raw: bytearray, chance: random.Random) -> None:
    place = _place(raw, chance)
    raw[place : place + 16] = chance.randbytes(16)


def _place(raw: bytearray, chance: random.Random) -> int:
    """Heads are short and matter most: half of all changes fall into the first 600 bytes."""
    last = max(KEPT + 1, min(len(raw), chance.choice((600, len(raw)))))
    if len(raw) <= KEPT + 1:
        raw.extend(bytes(KEPT + 2 - len(raw)))
    return min(chance.randrange(KEPT, last), len(raw) - 1)


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (_flip, _flip, _set, _four, _cut, _double, _noise)
