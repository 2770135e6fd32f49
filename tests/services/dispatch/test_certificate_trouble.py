from collections.abc import Iterator
from pathlib import Path

import pytest

from reviews_app.models.delivery import DeliveryState
from reviews_app.models.destination import AttentionReason, Mode
from tests.fakes.certificates import Authority
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, receiver
from tests.services.dispatch.looking import Leave, Send, attempts, destination, fresh


@pytest.fixture
def kustomer(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver whose certificate nobody trusts."""
    with receiver(Authority(tmp_path).server()) as kept:
        yield kept


def test_the_third_untrusted_certificate_needs_a_person_and_nothing_left_us(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    for wait in (0, 7, 40):
        assert destination().mode is Mode.ACTIVE
        clock.advance(seconds=wait)
        send_all()
    assert (destination().mode, destination().reason) == (Mode.NEEDS_ATTENTION, AttentionReason.CERTIFICATE)
    assert fresh(row).state is DeliveryState.HELD
    assert attempts() == [(n, None, "certificate") for n in (1, 2, 3)]
    assert kustomer.requests == []
