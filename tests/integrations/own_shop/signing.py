"""A shop that signs as the documents say, without our own code."""

import base64
import hashlib
import hmac

KEY = b"a shop's own secret of 32 bytes."
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def sign(body: bytes, *, event_id: str, timestamp: str) -> str:
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
