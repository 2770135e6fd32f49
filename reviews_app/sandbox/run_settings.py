"""The settings every process of one run shares, and the secrets made once for them."""

import secrets
import shlex
from pathlib import Path

from cryptography.fernet import Fernet

from reviews_app.config import Settings
from reviews_app.sandbox.only_ours import write_anew, write_once


def open_secrets(data_dir: Path) -> dict[str, str]:
    """The sandbox's own secrets: made on the first run, the same ever after."""
    path = data_dir / "sandbox" / "secrets.env"
    if not path.exists():
        made = {"SECRET_KEY": secrets.token_urlsafe(48), "ENCRYPTION_KEYS": Fernet.generate_key().decode()}
        write_once(path, _as_lines(made))
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def run_settings(settings: Settings, *, redis_url: str) -> dict[str, str]:
    """What the children find in their environment. Mail stays in the inbox, whatever SMTP_URL said."""
    kept = open_secrets(settings.data_dir)
    kustomer = f"http://127.0.0.1:{settings.port + 1}"
    return {
        "APP_MODE": settings.app_mode,
        "PORT": str(settings.port),
        "DATA_DIR": str(settings.data_dir),
        "PUBLIC_URL": settings.public,
        "REDIS_URL": redis_url,
        "SECRET_KEY": settings.secret_key or kept["SECRET_KEY"],
        "ENCRYPTION_KEYS": settings.encryption_keys or kept["ENCRYPTION_KEYS"],
        "SMTP_URL": f"smtp://127.0.0.1:{settings.port + 2}",
        "KUSTOMER_EXTRA_ORIGINS": ",".join(dict.fromkeys((*settings.extra_origins, kustomer))),
        "PYTHONUNBUFFERED": "1",
    }


def settings_file(data_dir: Path) -> Path:
    """Where the last run's settings are kept: `set -a; . var/run/settings.env; flask doctor`."""
    return data_dir / "run" / "settings.env"


def keep_settings(data_dir: Path, values: dict[str, str]) -> None:
    """Write them down for commands given by hand."""
    write_anew(settings_file(data_dir), _as_lines({name: shlex.quote(value) for name, value in values.items()}))


def _as_lines(values: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())
