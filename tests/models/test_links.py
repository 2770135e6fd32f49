"""A link to join is open once, for a while; a question about a review is answered once, in time."""

from datetime import datetime, timedelta

import pytest

from reviews_app.models.invitation import Invitation, InvitationSpent
from reviews_app.models.review_confirmation import (
    Authorship,
    ConfirmationAnswered,
    ConfirmationExpired,
    ReviewConfirmation,
)
from reviews_app.models.review_request import LinkExpired, ReviewRequest
from tests.fakes.clock import START

INSTANT = timedelta(microseconds=1)
END = START + timedelta(days=7)


def an_invitation() -> Invitation:
    return Invitation(created_at=START, expires_at=END, accepted_at=None)


def test_a_link_to_join_is_open_to_the_last_instant() -> None:
    assert an_invitation().is_open(START)
    assert an_invitation().is_open(END - INSTANT)
    assert not an_invitation().is_open(END)


def test_a_link_to_join_is_spent_by_its_first_use() -> None:
    invitation = an_invitation()
    invitation.accept(START)
    assert (invitation.accepted_at, invitation.is_open(START)) == (START, False)
    with pytest.raises(InvitationSpent):
        invitation.accept(START + INSTANT)
    assert invitation.accepted_at == START


def test_a_link_to_join_that_ran_out_is_refused_and_stays_unused() -> None:
    invitation = an_invitation()
    with pytest.raises(InvitationSpent):
        invitation.accept(END)
    assert invitation.accepted_at is None


def a_question() -> ReviewConfirmation:
    return ReviewConfirmation(created_at=START, expires_at=END, answer=None, answered_at=None)


@pytest.mark.parametrize("answer", Authorship)
def test_an_answer_in_time_is_kept_with_its_moment(answer: Authorship) -> None:
    question = a_question()
    assert question.answer_with(answer, END - INSTANT)
    assert (question.answer, question.answered_at) == (answer, END - INSTANT)


@pytest.mark.parametrize("answer", Authorship)
@pytest.mark.parametrize("later", [START + INSTANT, END, END + timedelta(days=400)])
def test_the_same_answer_again_changes_nothing_even_too_late(answer: Authorship, later: datetime) -> None:
    question = a_question()
    question.answer_with(answer, START)
    assert not question.answer_with(answer, later)
    assert question.answered_at == START


@pytest.mark.parametrize(
    ("first", "second"), [(Authorship.MINE, Authorship.NOT_MINE), (Authorship.NOT_MINE, Authorship.MINE)]
)
def test_nobody_says_otherwise_afterwards(first: Authorship, second: Authorship) -> None:
    question = a_question()
    question.answer_with(first, START)
    for when in (START + INSTANT, END):
        with pytest.raises(ConfirmationAnswered):
            question.answer_with(second, when)
    assert (question.answer, question.answered_at) == (first, START)


@pytest.mark.parametrize("answer", Authorship)
def test_an_answer_too_late_is_refused_and_not_kept(answer: Authorship) -> None:
    question = a_question()
    with pytest.raises(ConfirmationExpired):
        question.answer_with(answer, END)
    assert (question.answer, question.answered_at) == (None, None)


def test_a_link_to_review_is_good_to_the_last_instant() -> None:
    link = ReviewRequest(created_at=START, expires_at=END)
    link.check(END - INSTANT)
    for when in (END, END + timedelta(days=400)):
        with pytest.raises(LinkExpired):
            link.check(when)
