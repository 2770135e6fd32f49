import pytest

from reviews_app.integrations.kustomer.key_trouble import KeyTrouble, key_trouble


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        ('Kustomer did not accept the API key. It says: "Expired token".', KeyTrouble.EXPIRED),
        ("The token will expire", KeyTrouble.EXPIRED),
        ("Token of pod prod1 used in pod prod2", KeyTrouble.REGION),
        ("This key belongs to another region", KeyTrouble.REGION),
        ("The caller's IP address is not on the allow list", KeyTrouble.CALLER),
        ("Outside of the CIDR of this token", KeyTrouble.CALLER),
        ("Kustomer did not accept the API key.", KeyTrouble.ANY),
        ("The shipment of the product is podgy", KeyTrouble.ANY),
        ("", KeyTrouble.ANY),
    ],
)
def test_kustomers_words_tell_what_is_wrong_with_a_key(words: str, trouble: KeyTrouble) -> None:
    assert key_trouble(words) is trouble
