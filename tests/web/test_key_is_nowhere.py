"""A merchant's whole walk with a key; afterwards the key, its base64 and its end stand nowhere but sealed."""

import base64
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from orjson import dumps, loads

from reviews_app.config import Settings
from reviews_app.db.database import session
from tests.architecture.test_routes import ADDRESSES
from tests.factories.member import signed_in
from tests.fakes.clock import FakeClock
from tests.fakes.kustomer_shop import KustomerShop, kustomer_shop
from tests.fakes.mailbox import mails_to, text_of
from tests.fakes.queue import Queue, running_queue
from tests.fakes.visitor import Visitor

PAGE = "/merchant/larkspur/settings/integrations/kustomer"


@pytest.fixture
def queue() -> Iterator[Queue]:
    with running_queue() as running:
        yield running


@pytest.fixture
def shop(settings: Settings, clock: FakeClock, tmp_path: Path, queue: Queue) -> Iterator[KustomerShop]:
    own = settings.model_copy(update={"redis_url": queue.url})
    with kustomer_shop(own, clock, tmp_path) as opened:
        yield opened


def spellings(key: str) -> list[bytes]:
    plain = key.encode()
    return [plain, base64.b64encode(plain), base64.urlsafe_b64encode(plain).rstrip(b"="), plain[-16:]]


def told(answer: Any) -> bytes:
    """A page with its headers: a cookie could carry a key as well."""
    return bytes(answer.data) + str(answer.headers).encode()


def walk(shop: KustomerShop) -> tuple[list[str], dict[str, bytes]]:
    """Save, have it refused, save anew, test, fail, heal; gives the keys and what every answer on the way held."""
    outside, merchant = shop.outside, Visitor(signed_in(shop.app))
    first, seen = outside.world.demo_key.key, {}
    seen["refused"] = told(merchant.send(PAGE, enabled="y", api_key=first, api_url="https://evil.example/x"))
    seen["saved"] = told(merchant.send(PAGE, enabled="y", api_key=f"Bearer {first}", api_url=outside.hook))
    seen["test"] = told(merchant.send(PAGE, at=f"{PAGE}/test"))
    shop.leave(3)
    shop.pass_time()
    # A server that repeats what it was sent, as some do.
    echo = f'{{"errors":[{{"title":"Expired token: Bearer {first}"}}]}}'
    outside.behave(status=401, body=echo)
    shop.leave(1)
    for minutes in (0, 3, 1):
        shop.pass_time(minutes=minutes)
    seen["trouble"] = told(merchant.open(PAGE))
    outside.behave()
    second: str = outside.press("/kustomer/key").json()["key"]
    seen["broken form"] = told(merchant.client.post(PAGE, data={"api_key": second, "api_url": "x" * 600}))
    seen["new key"] = told(merchant.send(PAGE, enabled="y", api_key=second, api_url=outside.hook))
    seen["on trial"] = told(merchant.open(PAGE))
    shop.pass_time(minutes=1)
    shop.pass_time(minutes=1)
    return [first, second], seen


def every_page(shop: KustomerShop) -> dict[str, bytes]:
    """Every address of the house that needs no more than the store, read and pressed."""
    merchant, seen = Visitor(signed_in(shop.app)), {}
    for line in ADDRESSES.read_text().splitlines():
        method, rule = line.split()[:2]
        address = rule.replace("<store>", "larkspur").replace("<handle>", "ridge-daypack")
        if "<" not in address and "sign-out" not in address:
            seen[f"{method} {address}"] = told(merchant.client.open(address, method=method))
    deliveries = merchant.open("/merchant/larkspur/deliveries").text
    for part in deliveries.split('href="/merchant/larkspur/deliveries/')[1:]:
        address = f"/merchant/larkspur/deliveries/{part.partition(chr(34))[0]}"
        seen[address] = told(merchant.open(address))
    return seen


def written(shop: KustomerShop, queue: Queue, folder: Path) -> dict[str, bytes]:
    """Rows, mails as their readers get them, the queue, the logs and every file but the stand-in's own memory."""
    with shop.app.app_context():
        mails = mails_to(session(), shop.tools)
        seen = {f"mail {n}": (text_of(one) + text_of(one, "html")).encode() for n, one in enumerate(mails)}
    assert len(mails) == 2
    database = sqlite3.connect(folder / "reviews.sqlite3")
    seen["rows"] = "\n".join(database.iterdump()).encode()
    database.close()
    client = queue.client()
    for name in client.scan_iter():
        seen[f"queue {name!r}"] = bytes(client.dump(name) or b"")
    outputs = [shop.app.test_cli_runner().invoke(args=[command]).output for command in ("doctor", "drain")]
    seen["commands"] = "\n".join(outputs).encode()
    kept = folder / "outside" / "sandbox"
    # The stand-in knows its own key, and how it was told to answer.
    seen["requests"] = b"".join(dumps(loads(line) | {"behaviour": ""}) for line in lines_of(kept / "requests.jsonl"))
    known = {kept / "kustomer.json", kept / "requests.jsonl"}
    files = [path for path in folder.rglob("*") if path.is_file() and path not in known]
    return seen | {str(path): path.read_bytes() for path in files}


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def test_the_key_is_nowhere_after_a_whole_walk(
    shop: KustomerShop, queue: Queue, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    keys, seen = walk(shop)
    assert shop.arrived() == 4
    seen |= every_page(shop) | written(shop, queue, tmp_path)
    captured = capfd.readouterr()
    seen |= {"log": (captured.out + captured.err + caplog.text).encode()}
    assert len(seen) > 60
    assert len(seen["log"]) > 500
    found = [(name, spelling) for name, content in seen.items() for key in keys for spelling in spellings(key)
             if spelling in content]  # fmt: skip
    assert found == []
