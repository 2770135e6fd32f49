"""Signatures of calls to us: HMAC-SHA256, compared in constant time."""

import base64
import binascii
import hashlib
import hmac
import secrets

OWN_PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as Standard Webhooks writes it: `whsec_` and 32 random bytes in base64."""
    return OWN_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_word() -> str:
    """A secret of letters, digits, - and _ alone: forms that escape what is typed into them cannot change it."""
    return secrets.token_urlsafe(SECRET_BYTES)


def signature(key: bytes, payload: bytes) -> str:
    """The HMAC-SHA256 of the payload in base64."""
    return base64.b64encode(hmac.new(key, payload, hashlib.sha256).digest()).decode()


def is_signed(given: str, *, key: bytes, payload: bytes) -> bool:
    """Whether the signature is this key's over exactly these bytes."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), signature(key, payload).encode())


def own_key(secret: str) -> bytes:
    """The bytes behind `whsec_...`; a secret in another form is its own bytes."""
    try:
        return base64.b64decode(secret.removeprefix(OWN_PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()
