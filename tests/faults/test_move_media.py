"""`flask move-media`, killed in the middle."""

import pytest
from flask import Flask

from reviews_app.config import Settings
from reviews_app.media.choose_keeper import choose_keeper
from reviews_app.media.folder import FolderKeeper
from tests.factories.media import fill_keeper, lying
from tests.fakes.program import eventually, kill, start

pytestmark = pytest.mark.faults


@pytest.fixture
def settings(settings: Settings, bucket: str) -> Settings:
    return settings.model_copy(update={"media_storage": bucket})


def test_killed_while_it_copies_and_run_again(settings: Settings, app: Flask) -> None:
    folder = FolderKeeper(settings.data_dir)
    there = choose_keeper(settings.media_storage, folder=settings.data_dir)
    before = fill_keeper(folder, count=200)
    process = start(settings, "flask", "move-media", "--to", "s3", "--clear")
    eventually(lambda: len(lying(there)) > 5, within=100)
    kill(process)
    assert set(lying(folder)) | set(lying(there)) == set(before)
    done = app.test_cli_runner().invoke(args=["move-media", "--to", "s3", "--clear"])
    assert done.exit_code == 0, done.output
    assert (lying(there), lying(folder)) == (before, {})
