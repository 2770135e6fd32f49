import base64

import pytest

from reviews_app.lib.hide_secret import hide_secret

KEY = "eyJhbGciOiJIUzI1NiJ9.eyJvcmciOiJkZW1vIn0.not-a-real-signature"


@pytest.mark.parametrize(
    "said",
    [
        f"Bearer {KEY} is expired",
        f"Authorization: Basic {base64.b64encode(KEY.encode()).decode()}",
        f"… {base64.urlsafe_b64encode(KEY.encode()).decode()} …",
        f"the token that ends in {KEY[-16:]}",
        f"{KEY}{KEY}",
        f"{KEY[-40:]}",
    ],
)
def test_a_secret_is_taken_out_however_it_is_spelled(said: str) -> None:
    hidden = hide_secret(said, KEY)
    assert KEY not in hidden
    assert KEY[-16:] not in hidden
    assert base64.b64encode(KEY.encode()).decode().rstrip("=") not in hidden
    assert f"…{KEY[-4:]}" in hidden


@pytest.mark.parametrize("said", ["", "Expired token", f"ends in {KEY[-4:]}"])
def test_a_text_without_it_stays(said: str) -> None:
    assert hide_secret(said, KEY) == said


def test_a_secret_too_short_to_have_an_end_is_taken_out_whole() -> None:
    assert hide_secret("key abc.d refused", "abc.d") == "key … refused"
    assert hide_secret("key refused", "") == "key refused"
