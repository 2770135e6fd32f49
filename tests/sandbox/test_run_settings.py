import subprocess
from pathlib import Path

from cryptography.fernet import Fernet

from reviews_app.config import AppMode, Settings
from reviews_app.sandbox.run_settings import keep_settings, open_secrets, run_settings, settings_file


def settings(tmp_path: Path, **values: str) -> Settings:
    return Settings(app_mode=AppMode.SANDBOX, data_dir=tmp_path, port=21000, **values)  # type: ignore[arg-type]


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    made = open_secrets(tmp_path)
    assert open_secrets(tmp_path) == made
    assert len(made["SECRET_KEY"]) >= 48
    Fernet(made["ENCRYPTION_KEYS"])
    assert (tmp_path / "sandbox" / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_every_child_learns_where_the_others_are(tmp_path: Path) -> None:
    values = run_settings(settings(tmp_path), redis_url="unix:///run/queue.sock")
    assert values["APP_MODE"] == "sandbox"
    assert values["PUBLIC_URL"] == "http://127.0.0.1:21000"
    assert values["SMTP_URL"] == "smtp://127.0.0.1:21002"
    assert values["KUSTOMER_EXTRA_ORIGINS"] == "http://127.0.0.1:21001"
    assert values["REDIS_URL"] == "unix:///run/queue.sock"
    assert values["DATA_DIR"] == str(tmp_path)


def test_given_secrets_and_origins_are_kept(tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    given = settings(tmp_path, secret_key="x" * 40, encryption_keys=key, kustomer_extra_origins="http://127.0.0.1:9999")
    values = run_settings(given, redis_url="")
    assert values["SECRET_KEY"] == "x" * 40
    assert values["ENCRYPTION_KEYS"] == key
    assert values["KUSTOMER_EXTRA_ORIGINS"] == "http://127.0.0.1:9999,http://127.0.0.1:21001"


def test_mail_of_the_sandbox_never_leaves_this_computer(tmp_path: Path) -> None:
    given = settings(tmp_path, smtp_url="smtps://user:pass@mail.example.com")
    assert run_settings(given, redis_url="")["SMTP_URL"] == "smtp://127.0.0.1:21002"


def test_a_shell_can_read_the_settings_back(tmp_path: Path) -> None:
    keep_settings(tmp_path, {"DATA_DIR": "/tmp/two words 'and' $HOME"})
    file = settings_file(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    said = subprocess.run(
        ["sh", "-c", f". '{file}'; printf %s \"$DATA_DIR\""], capture_output=True, text=True, check=True
    )
    assert said.stdout == "/tmp/two words 'and' $HOME"
