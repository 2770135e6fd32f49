"""Secrets at rest: sealed with MultiFernet, shown only by their last four letters."""

import hashlib
import zlib
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

# Of a shorter secret four letters would be too much to show.
SHORTEST_SHOWN = 12
# A mail is a fifth of its size then: less to write each time its row changes.
PACKED_FROM = 1024
PACKED, QUICK = b"\0", 1


class SealBroken(Exception):
    """No key of the ring opens this secret."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret as the database keeps it: which key sealed it, its last four letters, the ciphertext."""

    key_id: str
    last_four: str
    ciphertext: bytes


class Keyring:
    """The encryption keys of this installation, the newest first."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._first_id = key_id(keys[0]) if keys else ""
        self._ids = frozenset(key_id(key) for key in keys)
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None

    def seal(self, secret: str, *, last_four: str | None = None) -> Sealed:
        """Encrypt with the newest key, and remember the last four letters of a long secret.

        Raises SealBroken when there is no key at all.
        """
        if self._fernet is None:
            raise SealBroken("no encryption key is set")
        tail = secret[-4:] if len(secret) >= SHORTEST_SHOWN else ""
        shown = tail if last_four is None else last_four
        return Sealed(key_id=self._first_id, last_four=shown, ciphertext=self._fernet.encrypt(_packed(secret.encode())))

    def open(self, sealed: Sealed) -> str:
        """Decrypt with whichever key fits; raises SealBroken when none does."""
        if self._fernet is None:
            raise SealBroken("no encryption key is set")
        try:
            return _unpacked(self._fernet.decrypt(sealed.ciphertext)).decode()
        except InvalidToken:
            raise SealBroken(f"sealed with key {sealed.key_id}, which is not in ENCRYPTION_KEYS") from None

    def knows(self, sealed: Sealed) -> bool:
        """Whether the key that sealed it is in the ring."""
        return sealed.key_id in self._ids

    def is_current(self, sealed: Sealed) -> bool:
        """Whether the newest key sealed it; false means the rotation command has work."""
        return sealed.key_id == self._first_id


def key_id(key: str) -> str:
    """Eight hex letters that name a key without telling it."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def _packed(secret: bytes) -> bytes:
    """A long one made small, behind a mark that no short one begins with."""
    is_long = len(secret) >= PACKED_FROM or secret.startswith(PACKED)
    return PACKED + zlib.compress(secret, QUICK) if is_long else secret


def _unpacked(secret: bytes) -> bytes:
    return zlib.decompress(secret[len(PACKED) :]) if secret.startswith(PACKED) else secret
