import pytest

from reviews_app.lib.addresses import Addresses
from reviews_app.lib.viewing_key import is_viewing_key, viewing_key
from tests.factories.picture import NamedPicture

HOME = Addresses(public="https://shop.example", media="https://media.example")
NOON = 1_764_000_000


def test_a_key_opens_its_own_row_for_its_own_time_alone() -> None:
    key = viewing_key("secret", until=NOON)
    assert len(key) == 22
    assert is_viewing_key(key, secret="secret", until=NOON)
    assert not is_viewing_key(key, secret="secret", until=NOON + 1)
    assert not is_viewing_key(key, secret="another", until=NOON)
    assert not is_viewing_key(key, secret="secret", until=None)


def test_a_key_for_good_is_no_secret_for_others() -> None:
    """Who holds a lasting key can make none that outlives the store's term."""
    lasting = viewing_key("secret")
    assert is_viewing_key(lasting, secret="secret", until=None)
    assert not is_viewing_key(viewing_key(lasting, until=NOON), secret="secret", until=NOON)


@pytest.mark.parametrize("given", ["", "x", "é", "\udcff", "A" * 22])
def test_no_other_word_opens(given: str) -> None:
    assert not is_viewing_key(given, secret="secret", until=None)


def test_a_row_without_a_secret_stays_shut() -> None:
    assert not is_viewing_key(viewing_key(""), secret="", until=None)


def test_the_key_stands_in_the_address() -> None:
    one = NamedPicture("stem", "secret")
    assert HOME.keyed_picture(one, 640) == f"https://media.example/stem-640.webp?key={viewing_key('secret')}"
    assert HOME.keyed_video(one, NOON).startswith(f"https://media.example/stem-video.mp4?until={NOON}&key=")
