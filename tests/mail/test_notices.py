"""The short mails to merchants: what happened, what to do, one link, in both parts."""

from collections.abc import Callable
from html import unescape

import pytest

from reviews_app.mail.account_notice import password_changed, password_reset
from reviews_app.mail.arrival_test import arrival_test
from reviews_app.mail.delivery_notice import delivery_notice, recovery_notice
from reviews_app.mail.message import Content
from reviews_app.mail.privacy_notice import data_asked_notice, shop_erased_notice
from reviews_app.mail.refusals import LineDown, MailCut, MailNotTaken, MailRefused
from reviews_app.mail.review_notice import disowned_notice

LINK = "https://reviews.test/merchant/larkspur/x?a=1&b=2"
HOSTILE = '<script>alert(1)</script> & "Sons" {{ 7 * 7 }} {% raw %}'
Make = Callable[[str], Content]
NOTICES: dict[str, Make] = {
    "arrival test": lambda name: arrival_test(store_name=name, sender="shop@larkspur.example", link=LINK),
    "held": lambda name: delivery_notice(store_name=name, cause="The hook is gone.", held=2, link=LINK),
    "healed": lambda name: recovery_notice(store_name=name, waiting=2, link=LINK),
    "data asked": lambda name: data_asked_notice(store_name=name, email="morgan@example.com", link=LINK),
    "shop erased": lambda name: shop_erased_notice(store_name=name, link=LINK),
    "disowned": lambda name: disowned_notice(store_name="Larkspur", product=name, link=LINK),
}


@pytest.mark.parametrize("notice", NOTICES)
def test_both_parts_carry_the_link_and_the_subject_names_what_it_is_about(notice: str) -> None:
    content = NOTICES[notice]("Larkspur & Sons")
    assert "Larkspur & Sons" in content.subject
    assert content.text.count(LINK) == 1
    assert LINK in unescape(content.html)
    assert content.text.endswith("\n")


@pytest.mark.parametrize("notice", NOTICES)
def test_a_name_is_text_letter_for_letter_and_nothing_is_run(notice: str) -> None:
    content = NOTICES[notice](HOSTILE)
    assert "<script>" not in content.html
    assert "49" not in content.subject + content.text
    assert HOSTILE in content.subject


@pytest.mark.parametrize("notice", NOTICES)
def test_every_sentence_of_the_text_stands_in_the_html_too(notice: str) -> None:
    content = NOTICES[notice]("Larkspur")
    shown = " ".join(unescape(content.html).split())
    lines = [line for line in content.text.splitlines() if line and line != LINK]
    assert lines
    assert [line for line in lines if line not in shown] == []


@pytest.mark.parametrize(("held", "words"), [(0, "0 reviews wait"), (1, "1 review waits"), (2, "2 reviews wait")])
def test_what_is_held_is_counted_in_words(held: int, words: str) -> None:
    content = delivery_notice(store_name="Larkspur", cause="The hook is gone.", held=held, link=LINK)
    assert f"{words} here and nothing is lost." in content.text
    assert "The hook is gone." in content.text


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        (0, "Every review has arrived."),
        (1, "1 review follows now."),
        (2, "2 reviews follow now, one after the other."),
    ],
)
def test_what_still_follows_is_counted_in_words(waiting: int, words: str) -> None:
    assert words in recovery_notice(store_name="Larkspur", waiting=waiting, link=LINK).text


def test_a_new_password_has_a_link_and_a_changed_one_has_none() -> None:
    asked, changed = password_reset(LINK), password_changed()
    assert LINK in asked.text
    assert LINK in unescape(asked.html)
    assert "http" not in changed.text
    assert "reset it at once" in changed.text
    for content in (asked, changed):
        assert "If it was not you" in content.text
        assert "If it was not you" in content.html


def test_an_unread_test_mail_says_where_to_look() -> None:
    content = NOTICES["arrival test"]("Larkspur")
    assert "shop@larkspur.example" in content.text
    assert "spam folder" in content.text


@pytest.mark.parametrize("refusal", [MailNotTaken, LineDown, MailCut])
def test_whatever_helps_to_try_again_is_told_apart_from_a_refusal_for_good(refusal: type[MailNotTaken]) -> None:
    said = refusal("451 4.7.1 later", code=451)
    assert (str(said), said.code) == ("451 4.7.1 later", 451)
    assert isinstance(said, MailNotTaken)
    assert not isinstance(said, MailRefused)


@pytest.mark.parametrize(("words", "status"), [("550 5.1.1 no such user", "5.1.1"), ("no", ""), ("", "")])
def test_a_refusal_for_good_knows_the_code_in_its_words(words: str, status: str) -> None:
    assert MailRefused(words).status == status
