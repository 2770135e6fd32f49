"""What a provider's relay says became of a mail."""

from typing import Any

import pytest

from reviews_app.integrations.own_shop.mail_event import mail_report
from reviews_app.models.mail_report import MailFate, MailReport
from reviews_app.models.order_report import ReportRefused


def refusal(values: Any) -> str:
    with pytest.raises(ReportRefused) as refused:
        mail_report(values)
    return str(refused.value)


@pytest.mark.parametrize("fate", MailFate)
def test_a_mail_may_be_named_by_its_id_or_by_whom_it_was_for(fate: MailFate) -> None:
    assert mail_report({"type": fate, "message_id": "<1@shop.test>"}) == MailReport(fate, message_id="<1@shop.test>")
    assert mail_report({"type": fate, "email": " a@example.com "}) == MailReport(fate, email="a@example.com")


@pytest.mark.parametrize("written", ["1@shop.test", "<1@shop.test>", "  <1@shop.test> ", " 1@shop.test"])
def test_an_id_is_the_same_with_its_brackets_or_without(written: str) -> None:
    assert mail_report({"type": "bounced", "message_id": written}).message_id == "<1@shop.test>"


@pytest.mark.parametrize(
    "nothing", [{}, {"message_id": "", "email": ""}, {"message_id": None, "email": None}, {"message_id": "  "}]
)
def test_a_mail_nobody_can_find_is_refused(nothing: dict[str, Any]) -> None:
    assert refusal({"type": "bounced"} | nothing) == "Name the mail by message_id, or whom it was for by email."


@pytest.mark.parametrize("fate", ["", None, "opened", "BOUNCED", 1, [], True])
def test_any_other_fate_is_refused_at_its_place(fate: Any) -> None:
    assert refusal({"type": fate, "email": "a@example.com"}).startswith("type: ")
    assert refusal({"email": "a@example.com"}) == "type: is needed"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("5.1.1", "5.1.1"),
        ("550 5.2.2 mailbox full", "5.2.2"),
        ("smtp; 4.4.7 (delivery time expired)", "4.4.7"),
        ("550", ""),
        ("", ""),
        (None, ""),
        (5.1, ""),
    ],
)
def test_the_code_is_found_within_a_providers_words(said: Any, status: str) -> None:
    assert mail_report({"type": "bounced", "email": "a@example.com", "status": said}).status == status


def test_a_servers_words_are_one_short_line() -> None:
    detail = mail_report(
        {"type": "bounced", "email": "a@example.com", "detail": "no\r\nsuch\x00 user" + "x" * 500}
    ).detail
    assert detail.startswith("no such user")
    assert len(detail) == 100


@pytest.mark.parametrize("email", ["Jon <a@example.com>", "a@example.com,b@example.com", "a", 5, ["a@example.com"]])
def test_two_addresses_or_half_a_one_are_refused(email: Any) -> None:
    assert refusal({"type": "bounced", "email": email}).startswith("email: is not one email address")


@pytest.mark.parametrize("values", [None, [], "bounced", 5])
def test_what_is_no_object_is_refused(values: Any) -> None:
    assert refusal(values)


def test_fields_of_a_provider_we_never_heard_of_change_nothing() -> None:
    told = {"type": "complained", "email": "a@example.com"}
    assert mail_report(told | {"ip": "192.0.2.1", "user_agent": None}) == mail_report(told)
