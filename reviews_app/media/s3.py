"""Keeps files in a bucket of any S3-compatible server. Only imported when MEDIA_STORAGE names one (extra `s3`)."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from reviews_app.media.keeper import CHUNK, Kept, Offer, StorageAway
from reviews_app.media.s3_place import S3Place

GONE = frozenset({"404", "NoSuchKey", "NotFound"})
IN_MEMORY = 8 * 1024 * 1024
MOST_AT_ONCE = 1000
# A page waits for a picture no longer than this; servers of one's own know no newer checksums.
OPTIONS = {
    "connect_timeout": 2,
    "read_timeout": 10,
    "retries": {"mode": "standard", "total_max_attempts": 2},
    "signature_version": "s3v4",
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
    "max_pool_connections": 32,
}
# Whoever asks whether it is there wants to know now.
IMPATIENT = {"connect_timeout": 1, "read_timeout": 1, "retries": {"total_max_attempts": 1}, "max_pool_connections": 2}


class S3Keeper:
    """Keys are object names below the place's folder. An object appears whole or not at all: S3 promises that."""

    def __init__(self, place: S3Place, *, work: Path) -> None:
        self._place = place
        self._work = work
        self._session = boto3.session.Session()
        self._client = self._make_client(OPTIONS)

    @cached_property
    def _asking(self) -> Any:
        """Only made where somebody asks."""
        return self._make_client(OPTIONS | IMPATIENT)

    def _make_client(self, options: dict[str, Any]) -> Any:
        place = self._place
        style = {"addressing_style": "path" if place.endpoint else "auto"}
        return self._session.client(
            "s3",
            endpoint_url=place.endpoint,
            region_name=place.region or "us-east-1",
            aws_access_key_id=place.key,
            aws_secret_access_key=place.secret,
            config=Config(s3=style, **options),
        )

    @property
    def takes_offers(self) -> bool:
        """Whether browsers send straight to the bucket."""
        return self._place.is_direct

    @property
    def origin(self) -> str:
        """Where browsers send to: with Amazon a host of the bucket's own."""
        parts = urlsplit(self.offer("", most=1, seconds=1).url)
        return f"{parts.scheme}://{parts.netloc}"

    def put(self, key: str, chunks: Iterable[bytes], content_type: str) -> None:
        """Collected first, for S3 wants to know how long it is."""
        with _away(), tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
            for chunk in chunks:
                file.write(chunk)
            file.seek(0)
            self._client.put_object(**self._named(key), Body=file, ContentType=content_type)

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path | None]:
        """Fetched into a temporary file, which the tidying finds when a killed worker left it."""
        with _away():
            self._work.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._work) as file:
            found = self._fetch_into(key, file)
            yield Path(file.name) if found else None

    def size(self, key: str) -> int | None:
        """By its head."""
        with _away():
            try:
                return int(self._client.head_object(**self._named(key))["ContentLength"])
            except ClientError as answer:
                _refuse_unless_gone(answer)
                return None

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """As one ranged request."""
        if length <= 0:
            return
        with _away():
            asked = f"bytes={start}-{start + length - 1}"
            body = self._client.get_object(**self._named(key), Range=asked)["Body"]
            try:
                yield from body.iter_chunks(CHUNK)
            finally:
                body.close()

    def move(self, source: str, target: str) -> bool:
        """Copied inside the bucket, then removed."""
        with _away():
            try:
                self._client.copy_object(**self._named(target), CopySource=self._named(source))
            except ClientError as answer:
                _refuse_unless_gone(answer)
                return False
        self.remove([source])
        return True

    def remove(self, keys: Iterable[str]) -> None:
        """A thousand at a time."""
        objects = [{"Key": self._place.folder + key} for key in keys]
        for start in range(0, len(objects), MOST_AT_ONCE):
            wanted = {"Objects": objects[start : start + MOST_AT_ONCE], "Quiet": True}
            with _away():
                refused = self._client.delete_objects(Bucket=self._place.bucket, Delete=wanted).get("Errors")
            if refused:
                raise StorageAway(str(refused[0].get("Code")))

    def keys(self, prefix: str) -> Iterator[Kept]:
        """Page after page."""
        pages = self._client.get_paginator("list_objects_v2")
        with _away():
            for page in pages.paginate(Bucket=self._place.bucket, Prefix=self._place.folder + prefix):
                for one in page.get("Contents", ()):
                    key = one["Key"].removeprefix(self._place.folder)
                    yield Kept(key, one["Size"], one["LastModified"].astimezone(UTC))

    def answers(self) -> bool:
        """By the head of a file that is not there, asked once and without patience."""
        try:
            self._asking.head_object(**self._named("nothing"))
        except ClientError as answer:
            return _is_gone(answer)
        except (BotoCoreError, OSError):
            return False
        return True

    def tidy(self, before: datetime) -> int:
        """Nothing is ever half-written."""
        return 0

    def offer(self, key: str, *, most: int, seconds: int) -> Offer:
        """A presigned POST for exactly this key, at most so many bytes, until its time is over."""
        kind = {"Content-Type": "application/octet-stream"}
        made = self._client.generate_presigned_post(
            **self._named(key),
            Fields=dict(kind),
            Conditions=[kind, ["content-length-range", 1, most]],
            ExpiresIn=seconds,
        )
        return Offer(url=made["url"], fields=made["fields"])

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self._place.bucket, "Key": self._place.folder + key}

    def _fetch_into(self, key: str, file: IO[bytes]) -> bool:
        with _away():
            try:
                body = self._client.get_object(**self._named(key))["Body"]
            except ClientError as answer:
                _refuse_unless_gone(answer)
                return False
            for chunk in body.iter_chunks(CHUNK):
                file.write(chunk)
            file.flush()
            return True


@contextmanager
def _away() -> Iterator[None]:
    """Whatever goes wrong on the way to the bucket may be well again later."""
    try:
        yield
    except ClientError as answer:
        raise StorageAway(str(answer.response.get("Error", {}).get("Code", "refused"))) from None
    except (BotoCoreError, OSError) as trouble:
        raise StorageAway(type(trouble).__name__) from None


def _refuse_unless_gone(answer: ClientError) -> None:
    if not _is_gone(answer):
        raise answer


def _is_gone(answer: ClientError) -> bool:
    return answer.response.get("Error", {}).get("Code") in GONE
