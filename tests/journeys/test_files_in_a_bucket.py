"""The journeys of photos and videos once more, with files in a bucket: the switch is one setting, and none of their
steps knows of it."""

from collections.abc import Iterator

import pytest

from tests.fakes.bucket import new_bucket
from tests.journeys.conftest import Sandbox, running_sandbox
from tests.journeys.test_photos_and_videos import phone, test_from_a_bad_line_to_every_place_they_are_shown
from tests.journeys.test_pictures_in_the_form import (
    test_a_file_that_turned_out_broken_can_be_removed,
    test_a_form_sent_while_a_picture_is_under_way_waits_for_it,
    test_a_picture_removed_while_the_line_is_gone_is_not_published,
    test_a_stale_page_keeps_its_pictures_for_the_form,
    test_each_picture_is_told_and_what_is_no_picture_is_named,
    test_what_arrived_unheard_goes_with_the_form_and_is_there_once,
    test_what_the_network_drops_goes_with_the_form_and_nothing_goes_twice,
)
from tests.journeys.test_viewer import (
    test_a_picture_opens_from_its_review_among_its_own,
    test_axe_finds_nothing_with_the_viewer_open,
    test_by_keyboard_alone_and_the_focus_comes_back,
    test_without_script_a_picture_is_a_plain_link,
)

__all__ = [
    "phone",
    "test_a_file_that_turned_out_broken_can_be_removed",
    "test_a_form_sent_while_a_picture_is_under_way_waits_for_it",
    "test_a_picture_opens_from_its_review_among_its_own",
    "test_a_picture_removed_while_the_line_is_gone_is_not_published",
    "test_a_stale_page_keeps_its_pictures_for_the_form",
    "test_axe_finds_nothing_with_the_viewer_open",
    "test_by_keyboard_alone_and_the_focus_comes_back",
    "test_each_picture_is_told_and_what_is_no_picture_is_named",
    "test_from_a_bad_line_to_every_place_they_are_shown",
    "test_what_arrived_unheard_goes_with_the_form_and_is_there_once",
    "test_what_the_network_drops_goes_with_the_form_and_nothing_goes_twice",
    "test_without_script_a_picture_is_a_plain_link",
]
pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sandbox in a bucket"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, s3_server: str) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("in-a-bucket"), MEDIA_STORAGE=new_bucket(s3_server)) as made:
        yield made


def test_none_of_these_files_stays_in_the_data_folder(sandbox: Sandbox) -> None:
    kept = {path.suffix for path in sandbox.data_dir.rglob("*") if path.is_file()}
    assert ".sqlite3" in kept
    assert kept.isdisjoint({".webp", ".avif", ".jpg", ".mp4"})
