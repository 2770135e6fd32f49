from configparser import RawConfigParser
from pathlib import Path

from reviews_app.sandbox.programs import programs, supervisor_file
from reviews_app.sandbox.queue_engine import QueueEngine

OURS = QueueEngine("unix:///run/queue.sock", ("valkey-server", "--port", "0"))


def read(text: str) -> RawConfigParser:
    parser = RawConfigParser()
    parser.read_string(text)
    return parser


def names(engine: QueueEngine) -> list[str]:
    return [program.name for program in programs(8000, engine)]


def test_the_web_is_first_and_every_queue_has_its_own_worker() -> None:
    assert names(OURS) == [
        "web",
        "queue",
        "outside",
        "seed",
        "worker-kustomer",
        "worker-mail",
        "worker-media",
        "worker-video",
        "worker-files",
        "scheduler",
    ]


def test_a_queue_elsewhere_is_not_run_by_us() -> None:
    assert "queue" not in names(QueueEngine("redis://elsewhere"))
    assert "worker-mail" in names(QueueEngine("redis://elsewhere"))


def test_without_a_queue_the_web_runs_alone() -> None:
    assert names(QueueEngine("")) == ["web", "outside", "seed"]


def test_only_the_web_and_its_queue_begin_by_themselves(tmp_path: Path) -> None:
    file = read(supervisor_file(tmp_path, programs(8000, OURS)))
    begin = [section for section in file.sections() if file.get(section, "autostart", fallback="") == "true"]
    assert begin == ["program:web", "program:queue"]


def test_all_but_the_seed_are_started_again_when_they_die(tmp_path: Path) -> None:
    file = read(supervisor_file(tmp_path, programs(8000, OURS)))
    once = [section for section in file.sections() if file.get(section, "autorestart", fallback="") == "unexpected"]
    assert once == ["program:seed"]


def test_logs_turn_over_and_stops_take_the_whole_group(tmp_path: Path) -> None:
    file = read(supervisor_file(tmp_path, programs(8000, OURS)))
    for section in (name for name in file.sections() if name.startswith("program:")):
        assert file.get(section, "stdout_logfile_maxbytes") == "2MB"
        assert file.get(section, "stopasgroup") == file.get(section, "killasgroup") == "true"
        assert file.getint(section, "stopwaitsecs") <= 5


def test_the_file_holds_no_secret(tmp_path: Path) -> None:
    assert "_KEY" not in supervisor_file(tmp_path, programs(8000, OURS))
