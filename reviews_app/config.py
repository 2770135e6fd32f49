"""Every setting: name, type, default, and the words it is refused with. The only reader of the environment."""

import ipaddress
import re
import ssl
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_SECRET = 32
# Without a key no command of ours starts.
MAKE_A_KEY = 'python3 -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'

WEB = frozenset({"http", "https"})
DATABASES = frozenset({"sqlite", "postgresql", "postgres", "postgresql+psycopg"})
QUEUES = frozenset({"redis", "rediss", "unix"})
MAIL_SERVERS = frozenset({"smtp", "smtps"})
# A mailbox and nothing around it; whether it takes mail shows when one is sent.
MAILBOX = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")


class AppMode(StrEnum):
    """What kind of run this is."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"
    TEST = "test"


class Limits(StrEnum):
    """Whether floods are stopped; off only in tests."""

    DEFAULT = "default"
    OFF = "off"


class SettingsRefused(Exception):
    """A setting is missing or wrong; the text says which one and what to do."""


class Settings(BaseSettings):
    """The settings of one process, read once."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    app_mode: AppMode = AppMode.PRODUCTION
    port: int = Field(default=8000, ge=1, le=65533)
    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    secret_key: str = ""
    encryption_keys: str = ""
    public_url: str = ""
    media_url: str = ""
    media_storage: str = ""
    media_scanner: str = ""
    media_avif: bool = False
    smtp_url: str = ""
    mail_from: str = ""
    bounce_address: str = ""
    mail_per_second_store: float = Field(default=10.0, ge=1)
    mail_per_second_provider: float = Field(default=20.0, ge=1)
    mail_spf: str = ""
    dkim_selector: str = ""
    dkim_key_file: Path | None = None
    dns_server: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    outgoing_ca_file: Path | None = None
    kustomer_extra_origins: str = ""
    delivery_time_unit: float = Field(default=1.0, gt=0)
    limits: Limits = Limits.DEFAULT
    metrics: bool = False

    @field_validator("public_url", "media_url")
    @classmethod
    def _without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: str) -> str:
        if value and _database_of(value) not in DATABASES:
            raise ValueError("DATABASE_URL must be like postgresql://user:password@host/name, or left out for SQLite.")
        return value

    @field_validator("redis_url")
    @classmethod
    def _a_queue(cls, value: str) -> str:
        if value and not (_leads_somewhere(value, QUEUES) and (urlsplit(value).hostname or urlsplit(value).path)):
            raise ValueError("REDIS_URL must be like redis://127.0.0.1:6379/0 or unix:///run/valkey.sock, or left out.")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, value: str) -> str:
        if value and not (_leads_somewhere(value, MAIL_SERVERS) and urlsplit(value).hostname):
            raise ValueError("SMTP_URL must be like smtp://user:password@mail.example.com:587?starttls=1, or left out.")
        return value

    @field_validator("mail_from", "bounce_address")
    @classmethod
    def _a_mailbox(cls, value: str) -> str:
        if value and not MAILBOX.fullmatch(value):
            raise ValueError(f"It must be an address and nothing else, such as reviews@example.com. It is {value!r}.")
        return value

    @field_validator("outgoing_ca_file")
    @classmethod
    def _certificates(cls, value: Path | None) -> Path | None:
        try:
            if value:
                ssl.create_default_context(cafile=str(value))
        except OSError:
            raise ValueError(f"OUTGOING_CA_FILE names no file of certificates: {value}") from None
        return value

    @field_validator("media_storage")
    @classmethod
    def _a_bucket(cls, value: str) -> str:
        if value and (urlsplit(value).scheme != "s3" or not urlsplit(value).netloc.rpartition("@")[2]):
            raise ValueError("MEDIA_STORAGE must be like s3://bucket?endpoint=https://s3.example.com, or left out.")
        return value

    @field_validator("media_scanner")
    @classmethod
    def _a_socket(cls, value: str) -> str:
        parts = urlsplit(value)
        is_place = (parts.scheme == "unix" and parts.path) or (parts.scheme == "tcp" and parts.hostname and parts.port)
        if value and not is_place:
            raise ValueError("MEDIA_SCANNER must be like unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310.")
        return value

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @model_validator(mode="after")
    def _refuse_what_cannot_work(self) -> Self:
        if self.limits is Limits.OFF and self.app_mode is not AppMode.TEST:
            raise ValueError("LIMITS=off is for APP_MODE=test only. Leave LIMITS out.")
        for name in ("public_url", "media_url"):
            value = getattr(self, name)
            if value and not (_leads_somewhere(value, WEB) and urlsplit(value).hostname):
                raise ValueError(f"{name.upper()} must begin with https:// (or http://) and a host. It is {value!r}.")
        if bool(self.dkim_selector) != bool(self.dkim_key_file):
            raise ValueError("DKIM_SELECTOR and DKIM_KEY_FILE go together: set both, or neither.")
        if self.dkim_key_file and not self.dkim_key_file.is_file():
            raise ValueError(f"DKIM_KEY_FILE names no file: {self.dkim_key_file}")
        if self.app_mode is AppMode.PRODUCTION:
            self._refuse_weak_production()
        return self

    def _refuse_weak_production(self) -> None:
        if len(self.secret_key) < SHORTEST_SECRET:
            raise ValueError(
                f"SECRET_KEY is missing or shorter than {SHORTEST_SECRET} letters. "
                'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if len(set(self.secret_key)) < SHORTEST_SECRET // 4:
            raise ValueError("SECRET_KEY is too easy to guess. Make a random one.")
        if not self.keys:
            raise ValueError(f"ENCRYPTION_KEYS is missing. Make one: {MAKE_A_KEY}")
        if not self.public_url:
            raise ValueError("PUBLIC_URL is missing: the address shoppers reach, such as https://reviews.example.com")
        self._refuse_unsafe_origins()

    def _refuse_unsafe_origins(self) -> None:
        for origin in self.extra_origins:
            parts = urlsplit(origin)
            if parts.scheme != "https" or _is_loopback(parts.hostname or ""):
                raise ValueError(f"KUSTOMER_EXTRA_ORIGINS may only name https hosts in production, not {origin!r}.")

    @field_validator("encryption_keys")
    @classmethod
    def _each_a_fernet_key(cls, value: str) -> str:
        for key in value.split(","):
            if key.strip():
                try:
                    Fernet(key.strip())
                except ValueError:
                    raise ValueError(
                        f"ENCRYPTION_KEYS must be Fernet keys with commas between. Make one: {MAKE_A_KEY}"
                    ) from None
        return value

    @property
    def keys(self) -> tuple[str, ...]:
        """The encryption keys, the newest first."""
        return tuple(key.strip() for key in self.encryption_keys.split(",") if key.strip())

    @property
    def extra_origins(self) -> tuple[str, ...]:
        """Scheme, host and port an API URL may name beside Kustomer's own."""
        return tuple(origin.strip().rstrip("/") for origin in self.kustomer_extra_origins.split(",") if origin.strip())

    @property
    def database(self) -> str:
        """The SQLAlchemy address: DATABASE_URL, else SQLite in the data folder."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'reviews.sqlite3'}"
        for prefix in ("postgresql://", "postgres://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @property
    def public(self) -> str:
        """PUBLIC_URL, else this machine's own address."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def media(self) -> str:
        """Where pictures are served: MEDIA_URL, else below PUBLIC_URL."""
        return self.media_url or f"{self.public}/media"

    @property
    def sender(self) -> str:
        """The address mails come from."""
        return self.mail_from or f"reviews@{urlsplit(self.public).hostname or 'localhost'}"

    @property
    def is_https(self) -> bool:
        """Whether shoppers reach us over TLS: secure cookies and HSTS follow."""
        return self.public.startswith("https://")


def _leads_somewhere(url: str, schemes: frozenset[str]) -> bool:
    """Whether an address is of one of these kinds and its port, if any, a number that ports have."""
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and (parts.port or 1) > 0
    except ValueError:
        return False


def _database_of(url: str) -> str:
    """The kind of database and its driver; nothing when nobody can read the address.

    SQLAlchemy reads it better, but whatever starts reads its settings first, and would import all of that.
    """
    kind, _, rest = url.partition("://")
    place = rest.rpartition("@")[2].partition("/")[0].partition("?")[0]
    port = "" if place.endswith("]") else place.partition(":")[2].rpartition(":")[2]
    return kind if not port or port.isdigit() else ""


def _is_loopback(host: str) -> bool:
    """This machine by number or by the name every machine has; a name of one's own is the operator's to give."""
    name = host.rstrip(".")
    try:
        number = ipaddress.ip_address(name)
        return (getattr(number, "ipv4_mapped", None) or number).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def load_settings() -> Settings:
    """Read the environment.

    Raises SettingsRefused with one line that says what to do.
    """
    try:
        return Settings()
    except ValidationError as refused:
        first = refused.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        words = first["msg"].removeprefix("Value error, ")
        raise SettingsRefused(words if not name or name in words else f"{name}: {words}") from None
