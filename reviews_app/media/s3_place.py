"""What MEDIA_STORAGE says of a bucket, as one address."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket: `s3://[key:secret@]bucket[/folder]?endpoint=https://...&region=...&direct=on`.

    Without key and secret boto3 looks where it always does. `direct`: browsers send straight to the bucket.
    """

    bucket: str
    folder: str
    endpoint: str | None
    region: str | None
    key: str | None
    secret: str | None
    is_direct: bool


def read_s3_place(address: str) -> S3Place:
    """The parts of the address; config has seen to it that it names a bucket."""
    parts = urlsplit(address)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    folder = parts.path.strip("/")
    return S3Place(
        bucket=parts.netloc.rpartition("@")[2],
        folder=f"{folder}/" if folder else "",
        endpoint=asked.get("endpoint"),
        region=asked.get("region"),
        key=unquote(parts.username) if parts.username else None,
        secret=unquote(parts.password) if parts.password else None,
        is_direct=asked.get("direct") == "on",
    )
