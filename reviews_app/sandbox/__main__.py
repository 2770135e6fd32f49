"""`make run`: looks whether it can work, then becomes the process manager of the whole sandbox."""

import os
import subprocess
import sys
from pathlib import Path

from reviews_app.config import Settings, SettingsRefused, load_settings
from reviews_app.sandbox.demo_key import open_demo_key
from reviews_app.sandbox.programs import programs, supervisor_file
from reviews_app.sandbox.queue_engine import QueueEngine, find_queue
from reviews_app.sandbox.refusals import CannotRun, refuse_what_cannot_work
from reviews_app.sandbox.run_settings import keep_settings, run_settings, settings_file

WITHOUT_QUEUE = """No queue was found, so nothing leaves by itself: shops and forms work, reviews and mails wait.
Install valkey or redis (6.2 or newer) and start again, or send what waits by hand:
  set -a; . {settings}; set +a; {flask} drain"""


def main() -> None:
    """Never returns: ends with one line when it cannot work, else goes on as the process manager."""
    os.environ["APP_MODE"] = "test" if os.environ.get("APP_MODE") == "test" else "sandbox"
    try:
        settings = load_settings()
        refuse_what_cannot_work(settings.data_dir, settings.port)
    except (SettingsRefused, CannotRun) as refused:
        sys.exit(str(refused))
    engine = find_queue(settings.redis_url, settings.data_dir)
    file = prepare(settings, engine)
    if not engine.is_there:
        flask = Path(sys.executable).with_name("flask")
        print(WITHOUT_QUEUE.format(settings=settings_file(settings.data_dir), flask=flask))
    print("Starting. Ctrl-C stops everything.", flush=True)
    # Waits for the web, starts the rest, says where everything is, and ends.
    subprocess.Popen([sys.executable, "-m", "reviews_app.sandbox.welcome"])
    os.execv(  # noqa: S606, no shell is wanted: its place is taken by the process manager
        sys.executable, [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(file)]
    )


def prepare(settings: Settings, engine: QueueEngine) -> Path:
    """Write down what the children need; gives the process manager's file."""
    values = run_settings(settings, redis_url=engine.url)
    os.environ.update(values)
    keep_settings(settings.data_dir, values)
    open_demo_key(settings.data_dir)
    (settings.data_dir / "log").mkdir(exist_ok=True)
    file = settings.data_dir / "run" / "supervisord.conf"
    file.write_text(supervisor_file(settings.data_dir, programs(settings.port, engine)))
    return file


if __name__ == "__main__":
    main()
