"""The id of an event is worked out, so that whoever makes the row again makes the same one."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.lib.ids import new_id
from reviews_app.models.delivery import DeliveryKind, event_id

HOOK, REVIEW = UUID("01a20b76-0f4a-7561-9b93-011f46bcb1dc"), UUID("01a20b76-0f4a-7561-9b93-011f46bcb1dd")


def test_an_event_made_again_has_the_same_id() -> None:
    assert event_id(HOOK, REVIEW, DeliveryKind.LEFT) == event_id(UUID(HOOK.hex), UUID(REVIEW.hex), DeliveryKind.LEFT)


def test_the_id_of_an_event_never_changes_between_versions() -> None:
    # Kustomer tells a repeated event by it: another namespace would make every old review a new one.
    assert event_id(HOOK, REVIEW, DeliveryKind.LEFT) == UUID("14f88b69-d453-577f-8d03-8d091b9aa820")


def test_a_test_of_a_review_is_another_event_than_the_review() -> None:
    assert event_id(HOOK, REVIEW, DeliveryKind.LEFT) != event_id(HOOK, REVIEW, DeliveryKind.TEST)


@pytest.mark.parametrize("kind", DeliveryKind)
def test_hook_and_review_do_not_change_places(kind: DeliveryKind) -> None:
    assert event_id(HOOK, REVIEW, kind) != event_id(REVIEW, HOOK, kind)


@given(pairs=st.sets(st.tuples(st.uuids(), st.uuids()), min_size=2, max_size=30))
def test_no_two_reviews_and_hooks_share_an_event(pairs: set[tuple[UUID, UUID]]) -> None:
    ids = {event_id(hook, review, kind) for hook, review in pairs for kind in DeliveryKind}
    assert len(ids) == len(pairs) * len(DeliveryKind)


def test_the_id_tells_nothing_of_when_the_review_was_left() -> None:
    made = event_id(HOOK, new_id(), DeliveryKind.LEFT)
    assert made.version == 5
