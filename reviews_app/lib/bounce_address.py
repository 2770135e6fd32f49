"""The envelope's sender, one for each mail (VERP): a bounce comes back to an address that names the mail it is about.

The address carries a short signature, so nobody can make up a bounce of a mail they did not get.
"""

import hashlib
import hmac
import re
from uuid import UUID

NAMED = re.compile(r"\+([0-9a-f]{32})-([0-9a-f]{16})@", re.IGNORECASE)


def bounce_address(base: str, mail_id: UUID, *, secret: str) -> str:
    """`bounces@example.com` becomes `bounces+<mail>-<signature>@example.com`; nothing without a base."""
    local, at, host = base.rpartition("@")
    return f"{local}+{mail_id.hex}-{_signed(mail_id, secret)}{at}{host}" if at else ""


def mail_of_bounce(address: str, *, secret: str) -> UUID | None:
    """The mail a bounce address names; None when it names none or its signature is not ours."""
    found = NAMED.search(address)
    if found is None:
        return None
    mail_id = UUID(found.group(1))
    return mail_id if hmac.compare_digest(found.group(2).lower(), _signed(mail_id, secret)) else None


def _signed(mail_id: UUID, secret: str) -> str:
    return hmac.new(secret.encode(), b"bounce" + mail_id.bytes, hashlib.sha256).hexdigest()[:16]
