import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviews_app.media.scanner import Scanner, ScannerAway
from tests.factories.picture import make_picture
from tests.fakes.clamd import EICAR, Clamd, running_clamd


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clamd]:
    with running_clamd(tmp_path / "clamd.ctl" if request.param == "unix" else None) as running:
        yield running


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture"
    path.write_bytes(make_picture() * 300)
    return path


def test_a_picture_is_sent_whole_and_found_clean(clamd: Clamd, picture: Path) -> None:
    assert Scanner(clamd.address).is_clean(picture)
    assert clamd.seen == [picture.read_bytes()]


def test_the_test_text_of_all_scanners_is_found(clamd: Clamd, picture: Path) -> None:
    picture.write_bytes(make_picture() + EICAR)
    assert not Scanner(clamd.address).is_clean(picture)


@pytest.mark.parametrize(
    "said", [b"", b"stream: OK ", b"OK", b"stream: OK\nstream: OK", b"ERROR", b"stream: Access denied. ERROR", b"\xff"]
)
def test_nothing_but_its_own_word_is_taken_for_clean(clamd: Clamd, picture: Path, said: bytes) -> None:
    clamd.says = said
    with pytest.raises(ScannerAway):
        Scanner(clamd.address).is_clean(picture)


def test_a_file_it_will_not_hear_to_the_end_is_not_clean(clamd: Clamd, picture: Path) -> None:
    clamd.most = 1000
    picture.write_bytes(b"x" * 5_000_000)
    with pytest.raises(ScannerAway):
        Scanner(clamd.address).is_clean(picture)


def test_it_is_not_waited_for_for_ever(clamd: Clamd, picture: Path) -> None:
    clamd.hangs = threading.Event()
    began = time.monotonic()
    with pytest.raises(ScannerAway):
        Scanner(clamd.address, seconds=0.3).is_clean(picture)
    assert time.monotonic() - began < 5


def test_nobody_there_is_away(picture: Path, tmp_path: Path) -> None:
    for address in (f"unix://{tmp_path}/none.ctl", "tcp://127.0.0.1:9"):
        with pytest.raises(ScannerAway):
            Scanner(address).is_clean(picture)
        assert not Scanner(address).answers()


def test_it_answers_when_it_is_there(clamd: Clamd) -> None:
    assert Scanner(clamd.address).answers()
