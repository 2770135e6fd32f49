import base64
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from reviews_app.sandbox.demo_key import expire_key, key_file, open_demo_key, renew_key, replace_key


def test_it_is_made_once_and_the_same_ever_after(tmp_path: Path) -> None:
    assert open_demo_key(tmp_path) == open_demo_key(tmp_path)


def test_two_processes_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(open_demo_key, [tmp_path] * 16))
    assert len(made) == 1
    assert [path.name for path in key_file(tmp_path).parent.iterdir()] == ["kustomer.json"]


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    open_demo_key(tmp_path)
    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600
    replace_key(tmp_path)
    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_the_key_looks_like_kustomers(tmp_path: Path) -> None:
    head, body, signature = open_demo_key(tmp_path).key.split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS256", "typ": "JWT"}
    assert "org" in json.loads(base64.urlsafe_b64decode(body + "=="))
    assert len(signature) > 30


def test_the_api_url_names_the_port_above(tmp_path: Path) -> None:
    demo_key = open_demo_key(tmp_path)
    assert demo_key.api_url(8000) == f"http://127.0.0.1:8001/v1/hooks/web/{demo_key.hook}"
    assert len(demo_key.hook) == 24


def test_a_fresh_key_remembers_the_former(tmp_path: Path) -> None:
    former = open_demo_key(tmp_path)
    fresh = replace_key(tmp_path)
    assert fresh.key != former.key
    assert fresh.hook == former.hook
    assert former.key in fresh.former_keys
    assert open_demo_key(tmp_path) == fresh


def test_an_expired_key_stays_expired_until_renewed(tmp_path: Path) -> None:
    expire_key(tmp_path)
    assert open_demo_key(tmp_path).is_expired
    renew_key(tmp_path)
    assert not open_demo_key(tmp_path).is_expired
