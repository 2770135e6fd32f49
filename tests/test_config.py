import os
import subprocess
import sys
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from reviews_app.config import AppMode, Settings
from tests.fakes.program import TOP

PRODUCTION: dict[str, Any] = {
    "app_mode": AppMode.PRODUCTION,
    "secret_key": "kZ3v9Qp1xT7mB5nR2wY8sD4fG6hJ0lAc",
    "encryption_keys": Fernet.generate_key().decode(),
    "public_url": "https://reviews.example.com",
}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"secret_key": ""}, "SECRET_KEY is missing or shorter than 32 letters."),
        ({"secret_key": "short"}, "SECRET_KEY is missing or shorter than 32 letters."),
        ({"secret_key": "x" * 40}, "SECRET_KEY is too easy to guess."),
        ({"encryption_keys": ""}, "ENCRYPTION_KEYS is missing."),
        ({"encryption_keys": "not-a-key"}, "ENCRYPTION_KEYS must be Fernet keys"),
        ({"public_url": ""}, "PUBLIC_URL is missing"),
        ({"public_url": "ftp://reviews.example.com"}, "PUBLIC_URL must begin with https://"),
        ({"limits": "off"}, "LIMITS=off is for APP_MODE=test only."),
        ({"dkim_selector": "mail"}, "DKIM_SELECTOR and DKIM_KEY_FILE go together"),
        ({"media_storage": "https://bucket"}, "MEDIA_STORAGE must be like s3://"),
        ({"media_scanner": "clamd"}, "MEDIA_SCANNER must be like unix://"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_what_to_do(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**PRODUCTION | changed)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "origin",
    [
        "http://helpdesk.example.com",
        "https://127.0.0.1:9001",
        "https://127.0.0.2:9001",
        "https://127.255.255.254",
        "https://[::1]:9001",
        "https://[::ffff:127.0.0.1]:9001",
        "https://localhost:9001",
        "https://LOCALHOST:9001",
        "https://localhost.:9001",
        "https://desk.localhost:9001",
    ],
)
def test_in_production_no_origin_is_this_machine_by_number_or_without_tls(origin: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**PRODUCTION | {"kustomer_extra_origins": f"https://helpdesk.example.com,{origin}"})
    assert "KUSTOMER_EXTRA_ORIGINS may only name https hosts in production" in str(refused.value)
    assert origin in str(refused.value)


def test_outside_of_production_an_origin_may_be_this_machine() -> None:
    settings = Settings(app_mode=AppMode.TEST, kustomer_extra_origins=" http://127.0.0.1:9001/ ,https://desk.example")
    assert settings.extra_origins == ("http://127.0.0.1:9001", "https://desk.example")


def test_production_with_everything_it_needs_is_taken() -> None:
    settings = Settings(**PRODUCTION | {"kustomer_extra_origins": "https://helpdesk.example.com:8443"})
    assert settings.is_https
    assert settings.extra_origins == ("https://helpdesk.example.com:8443",)


def test_a_command_says_in_one_line_what_is_missing() -> None:
    bare = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    command = [sys.executable, "-m", "flask", "db", "upgrade"]
    ended = subprocess.run(command, cwd=TOP, env=bare, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "SECRET_KEY is missing" in ended.stderr
    assert "Traceback" not in ended.stderr
