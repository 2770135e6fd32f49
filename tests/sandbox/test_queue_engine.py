import subprocess
from pathlib import Path

import pytest
import redis

from reviews_app.sandbox.queue_engine import find_queue, is_new_enough
from tests.sandbox.eventually import eventually

LONG = "a-folder-with-a-name-that-makes-every-socket-below-it-too-long-for-the-system-to-take"


def test_a_given_address_is_used_and_nothing_is_run(tmp_path: Path) -> None:
    engine = find_queue("redis://elsewhere:6379/0", tmp_path)
    assert engine.url == "redis://elsewhere:6379/0"
    assert engine.command == ()


@pytest.mark.parametrize(
    ("said", "enough"),
    [
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1", True),
        ("Valkey server v=8.1.1 sha=00000000:0", True),
        ("Redis server v=6.2.0 sha=0", True),
        ("Redis server v=6.0.16 sha=0", False),
        ("Redis server v=10.0.1 sha=0", True),
        ("something else", False),
    ],
)
def test_only_versions_that_work_are_taken(said: str, *, enough: bool) -> None:
    assert is_new_enough(said) is enough


@pytest.mark.parametrize("folder", ["short", LONG])
def test_what_is_kept_survives_a_kill(tmp_path: Path, folder: str) -> None:
    data_dir = tmp_path / folder
    engine = find_queue("", data_dir)
    for answer in (None, b"ring"):
        process = subprocess.Popen(engine.command, stdout=subprocess.DEVNULL)
        try:
            client = redis.Redis.from_url(engine.url)
            eventually(lambda client=client: answers(client))  # type: ignore[misc]
            assert client.get("bell") == answer
            client.set("bell", "ring")
            client.config_set("appendfsync", "always")
            client.set("bell", "ring")
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            client.close()
        finally:
            process.kill()
            process.wait()


def answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
