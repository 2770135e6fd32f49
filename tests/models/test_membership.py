"""Who may do what: each role all that the ones before it may, and nothing more."""

import pytest

from reviews_app.models.membership import StoreRole

LOWEST_FIRST = [StoreRole.VIEWER, StoreRole.MODERATOR, StoreRole.MANAGER, StoreRole.OWNER]


@pytest.mark.parametrize("place", range(len(LOWEST_FIRST)))
def test_a_role_may_all_that_lower_roles_may_and_nothing_of_higher_ones(place: int) -> None:
    role = LOWEST_FIRST[place]
    assert [role.may_act_as(needed) for needed in LOWEST_FIRST] == [at <= place for at in range(len(LOWEST_FIRST))]


def test_no_role_is_left_out_of_the_sequence() -> None:
    assert sorted(StoreRole) == sorted(LOWEST_FIRST)
