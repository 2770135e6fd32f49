import json
import threading
from pathlib import Path

from reviews_app.sandbox.kept_lines import KeptLines


def test_lines_are_numbered_from_one_and_read_back(tmp_path: Path) -> None:
    lines = KeptLines(tmp_path / "new" / "lines.jsonl")
    assert [lines.append({"n": n}) for n in range(3)] == [1, 2, 3]
    assert lines.row(2) == {"n": 1}
    assert lines.row(0) is None
    assert lines.row(4) is None


def test_nothing_kept_is_an_empty_array(tmp_path: Path) -> None:
    assert KeptLines(tmp_path / "lines.jsonl").as_array() == b"[]"


def test_the_array_holds_everything_oldest_first(tmp_path: Path) -> None:
    lines = KeptLines(tmp_path / "lines.jsonl")
    for text in ("a\nb", "ü", '"],['):
        lines.append({"text": text})
    assert [row["text"] for row in json.loads(lines.as_array())] == ["a\nb", "ü", '"],[']


def test_the_newest_come_first_a_page_at_a_time(tmp_path: Path) -> None:
    lines = KeptLines(tmp_path / "lines.jsonl")
    for n in range(1, 6):
        lines.append({"n": n})
    assert [number for number, _ in lines.newest_first(before=99, count=2)] == [5, 4]
    assert [number for number, _ in lines.newest_first(before=4, count=9)] == [3, 2, 1]
    assert list(lines.newest_first(before=-5, count=9)) == []


def test_a_line_cut_off_by_a_kill_is_dropped_and_the_next_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    KeptLines(path).append({"n": 1})
    with path.open("ab") as file:
        file.write(b'{"n": 2, "tex')
    lines = KeptLines(path)
    assert lines.append({"n": 3}) == 2
    assert json.loads(KeptLines(path).as_array()) == [{"n": 1}, {"n": 3}]


def test_many_threads_lose_no_line(tmp_path: Path) -> None:
    lines = KeptLines(tmp_path / "lines.jsonl")

    def write(name: int) -> None:
        for n in range(200):
            lines.append({"name": name, "n": n})

    threads = [threading.Thread(target=write, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = json.loads(lines.as_array())
    assert len({(row["name"], row["n"]) for row in rows}) == len(lines) == 1600


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    KeptLines(path)
    assert path.stat().st_mode & 0o777 == 0o600
