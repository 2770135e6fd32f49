"""Tokens in public links: 128 random bits, of which only a hash is kept."""

import hashlib
import secrets

TOKEN_BYTES = 16


def new_token() -> str:
    """A fresh token of 128 random bits, 22 URL-safe letters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """The SHA-256 of a token, 32 bytes: what the database keeps and looks up.

    A plain hash is enough because the token itself is random (ASVS 5.0, 11.4).
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
