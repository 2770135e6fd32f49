"""Who sends files, for the quota of a day: a keyed hash of where they come from, another one in each store."""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address

from flask import current_app, request

from reviews_app.models.store import Store

# One household has one network of IPv6, and any number of addresses in it.
OWN_BITS = 64


def sender_key(store: Store) -> str:
    """Tells senders apart and tells nothing of them; empty when there is no address."""
    network = _network(request.remote_addr or "")
    if not network:
        return ""
    key = str(current_app.secret_key or "").encode()
    return hmac.new(key, f"sender {store.id.hex} {network}".encode(), hashlib.sha256).hexdigest()[:32]


def _network(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        return str(int(address) >> OWN_BITS)
    return str(address)
