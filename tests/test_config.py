import os
import subprocess
import sys
from pathlib import Path
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
        ({"database_url": "foo"}, "DATABASE_URL must be like postgresql://"),
        ({"database_url": "mysql://x/y"}, "DATABASE_URL must be like postgresql://"),
        ({"database_url": "postgresql+psycopg2://x/y"}, "DATABASE_URL must be like postgresql://"),
        ({"database_url": "postgresql://x:port/y"}, "DATABASE_URL must be like postgresql://"),
        ({"redis_url": "foo"}, "REDIS_URL must be like redis://"),
        ({"redis_url": "http://127.0.0.1:6379"}, "REDIS_URL must be like redis://"),
        ({"redis_url": "redis://127.0.0.1:port"}, "REDIS_URL must be like redis://"),
        ({"redis_url": "unix://"}, "REDIS_URL must be like redis://"),
        ({"public_url": "https://"}, "PUBLIC_URL must begin with https:// (or http://) and a host."),
        ({"public_url": "https://shop.example.com:99999"}, "PUBLIC_URL must begin with https://"),
        ({"media_url": "https://[shop"}, "MEDIA_URL must begin with https://"),
        ({"smtp_url": "foo"}, "SMTP_URL must be like smtp://"),
        ({"smtp_url": "http://foo"}, "SMTP_URL must be like smtp://"),
        ({"smtp_url": "smtp://"}, "SMTP_URL must be like smtp://"),
        ({"mail_from": "foo"}, "such as reviews@example.com. It is 'foo'."),
        ({"mail_from": "Shop <shop@example.com>"}, "such as reviews@example.com."),
        ({"mail_from": "shop@example.com\nBcc: a@example.com"}, "such as reviews@example.com."),
        ({"bounce_address": "bounces"}, "such as reviews@example.com."),
        ({"outgoing_ca_file": "/nope"}, "OUTGOING_CA_FILE names no file of certificates: /nope"),
        ({"outgoing_ca_file": __file__}, "OUTGOING_CA_FILE names no file of certificates"),
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


@pytest.mark.parametrize(
    "fitting",
    [
        {"database_url": "sqlite:////srv/reviews.sqlite3"},
        {"database_url": "sqlite://"},
        {"database_url": "postgresql://reviews:secret@db.example.com:5432/reviews?sslmode=require"},
        {"database_url": "postgres:///reviews?host=/run/postgresql"},
        {"database_url": "postgresql+psycopg://reviews@127.0.0.1/reviews"},
        {"redis_url": "redis://127.0.0.1:6379/0"},
        {"redis_url": "redis://127.0.0.1"},
        {"redis_url": "rediss://:secret@queue.example.com:6380/0"},
        {"redis_url": "unix:///run/queue.sock"},
        {"smtp_url": "smtp://127.0.0.1:1025"},
        {"smtp_url": "smtps://user:pa%40ss@mail.example.com"},
        {"public_url": "https://[2001:db8::1]:8443/"},
        {"mail_from": "reviews@localhost", "bounce_address": "bounces@shop.example.com"},
    ],
)
def test_a_setting_that_works_is_taken_as_it_is_given(fitting: dict[str, Any]) -> None:
    settings = Settings(**PRODUCTION | fitting)
    for name, value in fitting.items():
        assert getattr(settings, name) == value.rstrip("/") or name != "public_url"


AWAY = {"DATABASE_URL": "postgresql://127.0.0.1:9/nope"}


@pytest.mark.parametrize(
    ("command", "wrong", "words"),
    [
        (("drain",), {"DATA_DIR": "/proc/nope"}, "Not started. DATA_DIR cannot be made: /proc/nope"),
        (("drain",), AWAY, "Error: The database cannot be used: "),
        (("db", "upgrade"), AWAY, "Error: The database cannot be used: "),
    ],
)
def test_a_command_says_in_one_line_what_cannot_work(
    tmp_path: Path, command: tuple[str, ...], wrong: dict[str, str], words: str
) -> None:
    """Also a database that is away: no traceback, and an exit code for whoever waits for it."""
    given = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    given |= {name.upper(): str(value) for name, value in PRODUCTION.items()} | wrong
    asked = [sys.executable, "-m", "flask", *command]
    ended = subprocess.run(asked, cwd=TOP, env=given, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_reading_the_settings_imports_nothing_of_what_they_are_for() -> None:
    look = (
        "import sys, reviews_app.config; print([one for one in ('sqlalchemy', 'flask', 'redis') if one in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", look], cwd=TOP, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
