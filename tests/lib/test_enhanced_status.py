import pytest

from reviews_app.lib.enhanced_status import Verdict, enhanced_status, verdict


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("550 5.1.1 <morgan@example.com>: no such user", "5.1.1"),
        ("smtp; 550-5.1.10 RESOLVER.ADR.RecipientNotFound", "5.1.10"),
        ("550 no such user", ""),
        ("host 10.5.1.1 said no", ""),
        ("connection to 5.1.1.7 refused", ""),
        ("421 4.7.0 slow down", "4.7.0"),
    ],
)
def test_the_code_is_found_in_a_servers_words(words: str, status: str) -> None:
    assert enhanced_status(words) == status


@pytest.mark.parametrize("status", ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.0.0"])
def test_no_such_mailbox_is_for_good(status: str) -> None:
    assert verdict(status) is Verdict.GONE


@pytest.mark.parametrize("status", ["5.2.2", "4.2.2", "4.4.7"])
def test_a_full_or_unreachable_mailbox_may_come_back(status: str) -> None:
    assert verdict(status) is Verdict.FOR_A_WHILE


@pytest.mark.parametrize("status", ["", "5.1.7", "5.1.8", "5.3.4", "5.7.1", "5.7.26", "5.6.0", "4.7.1", "2.0.0"])
def test_our_own_fault_or_a_filter_says_nothing_of_the_address(status: str) -> None:
    assert verdict(status) is Verdict.NOT_THE_ADDRESS
