"""A shop's machine: it signs what it sends, as each kind of shop does, with code of its own."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fakes.clock import FakeClock


def hmac_base64(key: bytes, payload: bytes) -> str:
    return base64.b64encode(hmac.new(key, payload, hashlib.sha256).digest()).decode()


@dataclass
class Shop:
    """The machine of one store; every call may be bent to be wrong."""

    client: FlaskClient
    clock: FakeClock
    slug: str
    secrets: dict[str, str]
    sent: int = field(default=0)

    def tell(
        self,
        what: str,
        values: Any,
        *,
        event_id: str = "",
        secret: str = "",
        age: float = 0,
        body: bytes = b"",
        to: str = "",
    ) -> TestResponse:
        """Our own form of call to /orders or /products."""
        self.sent += 1
        event_id = event_id or f"event-{self.sent}"
        body = body or json.dumps(values).encode()
        at = str(int(self.clock().timestamp() - age))
        key = base64.b64decode((secret or self.secrets["own"]).removeprefix("whsec_"))
        headers = {
            "webhook-id": event_id,
            "webhook-timestamp": at,
            "webhook-signature": "v1," + hmac_base64(key, f"{event_id}.{at}.".encode() + body),
        }
        return self.client.post(
            f"/callbacks/{to or self.slug}/{what}", data=body, headers=headers, content_type="application/json"
        )

    def shopify(self, topic: str, values: Any, *, event_id: str = "", **headers: str) -> TestResponse:
        body = json.dumps(values).encode()
        signed = {
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": hmac_base64(self.secrets["shopify"].encode(), body),
            "X-Shopify-Webhook-Id": event_id,
        }
        return self._post("shopify", body, signed | headers)

    def woocommerce(self, topic: str, values: Any, *, event_id: str = "", **headers: str) -> TestResponse:
        body = json.dumps(values).encode()
        signed = {
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Signature": hmac_base64(self.secrets["woocommerce"].encode(), body),
            "X-WC-Webhook-Delivery-ID": event_id,
        }
        return self._post("woocommerce", body, signed | headers)

    def _post(self, name: str, body: bytes, headers: dict[str, str]) -> TestResponse:
        url = f"/callbacks/{self.slug}/{name}"
        return self.client.post(url, data=body, headers=headers, content_type="application/json")
