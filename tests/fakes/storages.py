"""The places where files may lie: what holds for one must hold for the other."""

from collections.abc import Iterator

import pytest

from tests.fakes.bucket import new_bucket, running_s3


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """One server a process."""
    with running_s3() as address:
        yield address


@pytest.fixture
def bucket(s3_server: str) -> str:
    """An empty bucket as MEDIA_STORAGE."""
    return new_bucket(s3_server)


@pytest.fixture(params=["folder", "bucket"])
def media_storage(request: pytest.FixtureRequest) -> str:
    """MEDIA_STORAGE for a folder, then for a bucket."""
    return "" if request.param == "folder" else str(request.getfixturevalue("bucket"))
