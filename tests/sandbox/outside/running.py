import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import requests

from reviews_app.lib.clock import utc_now
from reviews_app.sandbox.outside.__main__ import http_server, smtp_server
from reviews_app.sandbox.outside.world import World, open_world
from tests.sandbox.ports import free_ports

SECONDS = 10
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@dataclass(frozen=True)
class RunningOutside:
    """The outside world while it runs, as a shop and a person reach it."""

    world: World
    base: str
    smtp_port: int

    @property
    def hook(self) -> str:
        return self.base + self.world.demo_key.path

    def post(self, body: Any, *, key: str | None = None) -> requests.Response:
        """Deliver as the shop does, with the present key unless another is given."""
        bearer = {"Authorization": f"Bearer {self.world.demo_key.key if key is None else key}"}
        if isinstance(body, bytes):
            return requests.post(self.hook, data=body, headers=bearer, timeout=SECONDS, allow_redirects=False)
        return requests.post(self.hook, json=body, headers=bearer, timeout=SECONDS, allow_redirects=False)

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.base + path, headers=headers, timeout=SECONDS, allow_redirects=False)

    def press(self, path: str, *, json: Any = None, **headers: str) -> requests.Response:
        return requests.post(self.base + path, json=json, headers=headers, timeout=SECONDS, allow_redirects=False)

    def post_to(self, path: str, content: Any) -> requests.Response:
        """Bytes as they are, anything else as JSON."""
        sent = {"data": content} if isinstance(content, bytes) else {"json": content}
        return requests.post(self.base + path, timeout=SECONDS, allow_redirects=False, **sent)

    def upload(self, path: str, content: bytes, **headers: str) -> requests.Response:
        """A file in a form, as a person sends it."""
        files = {"workflow": ("workflow.json", content, "application/json")}
        return requests.post(self.base + path, files=files, headers=headers, timeout=SECONDS, allow_redirects=False)

    def behave(self, **behaviour: Any) -> None:
        self.press("/kustomer/behaviour", json=behaviour).raise_for_status()

    def events(self) -> list[dict[str, Any]]:
        return list(self.get("/kustomer/events.json").json())

    def requests(self) -> list[dict[str, Any]]:
        return list(self.get("/kustomer/requests.json").json())

    def counts(self) -> dict[str, Any]:
        return dict(self.get("/kustomer/counts.json").json())

    def mail(self, message: EmailMessage | bytes, *, to: str = "mo@example.com") -> None:
        content = message if isinstance(message, bytes) else message.as_bytes(policy=policy.SMTP)
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=SECONDS) as server:
            server.sendmail("shop@example.com", [to], content)

    def messages(self) -> list[dict[str, Any]]:
        return list(self.get("/mail/messages.json").json())


@contextmanager
def running_outside(data_dir: Path, *, name: str = "", certificate: Path | None = None) -> Iterator[RunningOutside]:
    """Start it on free ports, stop it at the end; a second start on the same folder finds the same data."""
    port, smtp_port = free_ports(2)
    world = open_world(data_dir, utc_now)
    server = http_server(world, port=port, shop="http://shop.test", name=name, certificate=certificate)
    mail = smtp_server(world, port=smtp_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    mail.start()
    try:
        yield RunningOutside(world, f"{'https' if certificate else 'http'}://127.0.0.1:{port}", smtp_port)
    finally:
        mail.stop()
        server.shutdown()
        thread.join()
        server.server_close()
