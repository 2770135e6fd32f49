import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reviews_app.lib.journal import Journal, journal, left_behind

ONE, TWO, THREE = "one", "two", "three"
# A sender of its own process: it notes, says so, and waits to be killed.
SENDER = """
import sys, time
from pathlib import Path
from reviews_app.lib.journal import Journal
noted = Journal(Path(sys.argv[1]))
noted.begin("one"); noted.taken("one"); noted.begin("two")
print("noted", flush=True)
time.sleep(60)
"""


def test_what_a_killed_sender_noted_is_found_and_read_once(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SENDER, str(tmp_path)], stdout=subprocess.PIPE) as sender:
        assert sender.stdout is not None
        assert sender.stdout.readline() == b"noted\n"
        with left_behind(tmp_path) as found:
            assert (found.begun, found.taken) == (set(), set())
        os.kill(sender.pid, signal.SIGKILL)
        sender.wait()
    with left_behind(tmp_path) as found:
        assert (found.begun, found.taken) == ({TWO}, {ONE})
    with left_behind(tmp_path) as found:
        assert (found.begun, found.taken) == (set(), set())
    assert list(tmp_path.iterdir()) == []


def test_a_living_sender_is_left_alone(tmp_path: Path) -> None:
    with journal(tmp_path) as noted:
        noted.taken(ONE)
        with left_behind(tmp_path) as found:
            assert found.taken == set()
    assert list(tmp_path.iterdir()) == []


def test_a_sender_that_broke_off_leaves_what_it_noted(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), journal(tmp_path) as noted:
        noted.begin(ONE)
        raise KeyboardInterrupt
    with left_behind(tmp_path) as found:
        assert found.begun == {ONE}


def test_what_was_refused_is_not_on_its_way(tmp_path: Path) -> None:
    noted = Journal(tmp_path)
    noted.begin(ONE)
    noted.begin(TWO)
    noted.refused(ONE)
    noted.leave()
    with left_behind(tmp_path) as found:
        assert (found.begun, found.taken, found.refused) == ({TWO}, set(), {ONE})


def test_what_was_recorded_is_not_told_again(tmp_path: Path) -> None:
    noted = Journal(tmp_path)
    noted.taken(ONE)
    noted.clear()
    noted.taken(TWO)
    noted.leave()
    with left_behind(tmp_path) as found:
        assert found.taken == {TWO}


def test_a_reader_that_fails_leaves_the_journal_for_the_next(tmp_path: Path) -> None:
    noted = Journal(tmp_path)
    noted.taken(THREE)
    noted.leave()
    with pytest.raises(ZeroDivisionError), left_behind(tmp_path):
        raise ZeroDivisionError
    with left_behind(tmp_path) as found:
        assert found.taken == {THREE}


@pytest.mark.parametrize(
    "cut", [b"taken 0000000000", b"taken 00000000000000000000000000000003", b"tak", b"odd thing\n"]
)
def test_a_line_that_was_cut_short_is_none(tmp_path: Path, cut: bytes) -> None:
    noted = Journal(tmp_path)
    noted.taken(ONE)
    noted.leave()
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes() + cut)
    with left_behind(tmp_path) as found:
        assert found.taken == {ONE}


def test_no_folder_is_nothing_left(tmp_path: Path) -> None:
    with left_behind(tmp_path / "none") as found:
        assert found.taken == set()


def test_a_thread_that_comes_after_the_end_writes_into_nobodys_file(tmp_path: Path) -> None:
    noted = Journal(tmp_path)
    noted.leave()
    with (tmp_path / "next").open("wb") as another:
        noted.taken(ONE)
        another.flush()
    assert (tmp_path / "next").read_bytes() == b""
    with left_behind(tmp_path) as found:
        assert found.taken == set()
