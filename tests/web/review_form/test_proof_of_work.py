import base64
import hashlib
from typing import Any

import orjson
import pytest
from flask import Flask

from reviews_app.lib.clock import utc_now
from reviews_app.web.review_form.proof_of_work import is_proved, new_challenge
from tests.fakes.clock import FakeClock


def solved(asked: dict[str, Any]) -> dict[str, Any]:
    """What the page's script works out."""
    for number in range(asked["maxnumber"] + 1):
        if hashlib.sha256(f"{asked['salt']}{number}".encode()).hexdigest() == asked["challenge"]:
            return asked | {"number": number}
    raise AssertionError("no solution")


def packed(answer: object) -> str:
    return base64.b64encode(orjson.dumps(answer)).decode()


def test_a_solved_riddle_counts_once(app: Flask, clock: FakeClock) -> None:
    # The library compares with this machine's own time.
    clock.advance(seconds=(utc_now() - clock()).total_seconds())
    with app.test_request_context("/"):
        proof = packed(solved(new_challenge()))
        assert is_proved(proof)
        assert not is_proved(proof)


@pytest.mark.parametrize("field", ["algorithm", "challenge", "number", "salt", "signature"])
@pytest.mark.parametrize("value", [7.5, None, [], {}, True, ["SHA-256"], 10**18, "\U0001f600"])
def test_anything_in_the_place_of_a_field_is_simply_no_proof(app: Flask, field: str, value: object) -> None:
    with app.test_request_context("/"):
        answer = new_challenge() | {"number": 1}
        assert not is_proved(packed(answer | {field: value}))
        del answer[field]
        assert not is_proved(packed(answer))


@pytest.mark.parametrize(
    "proof", ["", "x", "\u0663", "e30=", packed([]), packed("text"), packed(None), packed(5), "e" * 2001, "/////w=="]
)
def test_what_is_no_answer_at_all_is_no_proof_either(app: Flask, proof: str) -> None:
    with app.test_request_context("/"):
        assert not is_proved(proof)
