import json
from typing import Any

import pytest
from sqlalchemy import select

from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.models.delivery import Attempt
from reviews_app.models.destination import Destination
from tests.factories.destination import API_KEY
from tests.fakes.receiver import Receiver, Told
from tests.services.dispatch.looking import Leave, Send


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_try_is_one_line_with_ids_and_neither_key_nor_words(
    leave: Leave, send_all: Send, kustomer: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    [row] = leave(1)
    kustomer.told = [Told(500, body=b"a word of theirs")]
    send_all()
    shown = capsys.readouterr().out
    [line] = [json.loads(text) for text in shown.splitlines()]
    assert (line["event"], line["level"]) == ("delivery tried", "warning")
    assert (line["delivery"], line["store"]) == (str(row.id), str(row.store_id))
    assert (line["attempt"], line["outcome"], line["status"]) == (1, "server", 500)
    for hidden in (API_KEY, API_KEY[-16:], "straps still hold", "@example.com", "a word of theirs"):
        assert hidden not in shown


def test_what_arrived_is_told_too(leave: Leave, send_all: Send, capsys: pytest.CaptureFixture[str]) -> None:
    leave(2)
    send_all()
    assert [(line["level"], line["outcome"]) for line in lines(capsys)] == [("info", "delivered")] * 2


def test_a_key_that_cannot_be_opened_alarms_the_operator(
    leave: Leave, send_all: Send, kustomer: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(1)
    with transaction() as session:
        destination = session.scalars(select(Destination)).one()
        assert destination.api_key is not None
        destination.api_key = type(destination.api_key)("gone", "wxyz", b"gAAAAAnot-a-token")
        name = str(destination.id)
    send_all()
    [line] = lines(capsys)
    assert (line["level"], line["destination"]) == ("error", name)
    assert "cannot be opened" in line["event"]
    assert kustomer.requests == []


def test_what_an_answer_repeats_of_the_key_is_kept_nowhere(
    leave: Leave, send_all: Send, kustomer: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(1)
    said = {"errors": [{"title": f"Expired token: Bearer {API_KEY}"}]}
    kustomer.told = [Told(401, body=json.dumps(said).encode())]
    send_all()
    attempt = reading().scalars(select(Attempt)).one()
    assert attempt.cause == f'Kustomer did not accept the API key. It says: "Expired token: Bearer …{API_KEY[-4:]}".'
    for hidden in (API_KEY, API_KEY[-16:]):
        assert hidden not in attempt.answer_head + attempt.cause + capsys.readouterr().out
