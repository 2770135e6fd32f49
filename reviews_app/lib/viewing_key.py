"""Keys in the addresses of pictures not everybody may see: an HMAC by a secret of the picture's own row.

So they outlive a change of SECRET_KEY, and a new secret on the row ends them all.
"""

import base64
import hashlib
import hmac

KEY_BYTES = 16


def viewing_key(secret: str, *, until: int | None = None) -> str:
    """The key that opens a row's files: for good, or until that second since 1970. 22 URL-safe letters."""
    words = b"for good" if until is None else f"until {until}".encode()
    mac = hmac.new(secret.encode(), words, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:KEY_BYTES]).rstrip(b"=").decode()


def is_viewing_key(given: str, *, secret: str, until: int | None) -> bool:
    """Whether the key is this secret's for that time; an empty secret opens nothing."""
    expected = viewing_key(secret, until=until).encode()
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected)
