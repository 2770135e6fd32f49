from reviews_app.models.store import Publishing, Store
from tests.fakes.clock import START


def a_store(publishing: Publishing = Publishing.AT_ONCE) -> Store:
    return Store(slug="s", name="S", languages=["ja", "en"], publishing=publishing, created_at=START)


def test_the_first_language_is_the_shops_own() -> None:
    assert a_store().language == "ja"


def test_publishing_is_at_once_or_by_hand_and_never_by_stars() -> None:
    assert a_store().publishes_at_once
    assert not a_store(Publishing.HOLD_ALL).publishes_at_once
    assert len(Publishing) == 2
