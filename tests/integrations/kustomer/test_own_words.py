import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.integrations.kustomer.classify import Outcome, result_of_answer
from reviews_app.integrations.kustomer.own_words import LONGEST, own_words
from reviews_app.lib.outgoing_http import Answer
from tests.fakes.clock import START

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["errors", "detail", "title", "x"]), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"errors":[{"status":401,"detail":"Expired token"}]}', "Expired token"),
        ('{"errors":[{"title":"Unauthorized"}]}', "Unauthorized"),
        ('{"errors":["wrong pod: prod1, not prod2"]}', "wrong pod: prod1, not prod2"),
        ('{"errors":{"title":"Not found"}}', "Not found"),
        ('{"message":"no such hook"}', "no such hook"),
        ("Expired token\n", "Expired token"),
        ("two\n  lines", "two lines"),
        ("<html><body>Bad gateway</body></html>", ""),
        ('{"errors":[]}', ""),
        ('{"ok":false}', ""),
        ('{"errors":[{"detail":', ""),
        ("", ""),
    ],
)
def test_the_first_error_is_said_in_kustomers_own_words(answer: str, said: str) -> None:
    assert own_words(answer) == said


@given(JSON)
def test_no_answer_makes_it_stumble_or_talk_long(answer: object) -> None:
    assert len(own_words(json.dumps(answer))) <= LONGEST


@given(st.text(max_size=3000))
def test_no_text_makes_it_stumble_or_talk_long(answer: str) -> None:
    said = own_words(answer)
    assert len(said) <= LONGEST
    assert "\n" not in said


def test_an_expired_key_is_named_as_kustomer_names_it() -> None:
    answer = Answer(401, head='{"errors":[{"detail":"Expired token"}]}')
    result = result_of_answer(answer, now=START)
    assert result.outcome is Outcome.KEY
    assert result.cause == 'Kustomer did not accept the API key. It says: "Expired token".'


def test_a_fault_of_kustomers_own_is_not_quoted() -> None:
    result = result_of_answer(Answer(502, head="upstream connect error"), now=START)
    assert result.cause == "Kustomer had a fault of its own."
