"""The demo store's key and hook in the stand-in Kustomer: made once, kept in the data folder."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from reviews_app.sandbox.only_ours import write_anew, write_once

FORMER_KEYS = 20


@dataclass(frozen=True, slots=True)
class DemoKey:
    """What the stand-in Kustomer knows about its only customer."""

    org: str
    hook: str
    key: str
    is_expired: bool = False
    former_keys: tuple[str, ...] = ()

    def api_url(self, port: int) -> str:
        """The API URL a merchant pastes; `port` is PORT, the hook listens one above."""
        return f"http://127.0.0.1:{port + 1}{self.path}"

    @property
    def path(self) -> str:
        """The hook's path."""
        return f"/v1/hooks/web/{self.hook}"


def key_file(data_dir: Path) -> Path:
    """Where it is kept."""
    return data_dir / "sandbox" / "kustomer.json"


def open_demo_key(data_dir: Path) -> DemoKey:
    """Read it, or make it on the first run. Two processes may do so at once and get the same."""
    path = key_file(data_dir)
    if not path.exists():
        org = _hex_id()
        write_once(path, _as_text(DemoKey(org=org, hook=_hex_id(), key=_new_key(org))))
    kept = json.loads(path.read_text())
    return DemoKey(**kept | {"former_keys": tuple(kept["former_keys"])})


def replace_key(data_dir: Path) -> DemoKey:
    """A fresh key; the one before is refused as expired from now on."""
    now = open_demo_key(data_dir)
    former = (*now.former_keys, now.key)[-FORMER_KEYS:]
    return _keep(data_dir, replace(now, key=_new_key(now.org), is_expired=False, former_keys=former))


def expire_key(data_dir: Path) -> DemoKey:
    """The present key is refused from now on."""
    return _keep(data_dir, replace(open_demo_key(data_dir), is_expired=True))


def renew_key(data_dir: Path) -> DemoKey:
    """The present key is taken again."""
    return _keep(data_dir, replace(open_demo_key(data_dir), is_expired=False))


def _keep(data_dir: Path, changed: DemoKey) -> DemoKey:
    write_anew(key_file(data_dir), _as_text(changed))
    return changed


def _as_text(demo_key: DemoKey) -> str:
    return json.dumps(asdict(demo_key))


def _hex_id() -> str:
    return secrets.token_hex(12)


def _new_key(org: str) -> str:
    """Kustomer's keys look like a JWT: three parts with dots between."""
    head = {"alg": "HS256", "typ": "JWT"}
    body = {"id": _hex_id(), "user": _hex_id(), "org": org, "orgName": "demo", "aud": "urn:consumer", "iss": "urn:api"}
    return f"{_part(head)}.{_part(body)}.{secrets.token_urlsafe(32)}"


def _part(values: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
