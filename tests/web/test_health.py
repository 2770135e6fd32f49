from pathlib import Path

from reviews_app.config import AppMode, Settings
from reviews_app.factory import create_app


def test_a_running_process_says_it_is_alive(tmp_path: Path) -> None:
    settings = Settings(app_mode=AppMode.TEST, data_dir=tmp_path, secret_key="a" * 40)
    answer = create_app(settings).test_client().get("/health/live")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok"}
