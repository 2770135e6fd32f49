import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.lib.sealed import Keyring, SealBroken, Sealed, key_id

FIRST, SECOND, THIRD = (Fernet.generate_key().decode() for _ in range(3))
SECRET = "eyJhbGciOiJIUzI1NiJ9.eyJvcmciOiJkZW1vIn0.c2lnbmF0dXJl"


@given(st.text(max_size=300))
def test_what_was_sealed_opens_letter_for_letter(secret: str) -> None:
    ring = Keyring((FIRST,))
    assert ring.open(ring.seal(secret)) == secret


@pytest.mark.parametrize("secret", ["\0", "\0\0 mark", "x" * 1023, "x" * 1024, "\0" + "ü" * 5000, "Zeile\r\n" * 2000])
def test_a_long_secret_or_one_with_the_mark_of_long_ones_opens_too(secret: str) -> None:
    ring = Keyring((FIRST,))
    assert ring.open(ring.seal(secret)) == secret


def test_a_long_secret_is_kept_small() -> None:
    assert len(Keyring((FIRST,)).seal("the same words again and again, " * 500).ciphertext) < 1000


def test_a_long_secret_sealed_before_they_were_made_small_still_opens() -> None:
    whole = "the same words again and again, " * 500
    before = Sealed(key_id(FIRST), "", Fernet(FIRST).encrypt(whole.encode()))
    assert Keyring((FIRST,)).open(before) == whole


def test_sealing_twice_gives_two_ciphertexts_and_tells_nothing() -> None:
    ring = Keyring((FIRST,))
    one, other = ring.seal(SECRET), ring.seal(SECRET)
    assert one.ciphertext != other.ciphertext
    assert SECRET.encode() not in one.ciphertext
    assert SECRET not in repr(one)


def test_only_the_last_four_letters_show() -> None:
    assert Keyring((FIRST,)).seal(SECRET).last_four == SECRET[-4:]
    assert Keyring((FIRST,)).seal("whole message", last_four="").last_four == ""


def test_of_a_short_secret_nothing_shows() -> None:
    assert [Keyring((FIRST,)).seal(secret).last_four for secret in ("", "abcd", "abcdefg", "abcdefghijk")] == [""] * 4


@pytest.mark.parametrize("ring", [(SECOND, FIRST), (FIRST, SECOND), (THIRD, SECOND, FIRST)])
def test_an_old_key_still_opens_while_it_is_in_the_ring(ring: tuple[str, ...]) -> None:
    assert Keyring(ring).open(Keyring((FIRST,)).seal(SECRET)) == SECRET


def test_the_newest_key_seals() -> None:
    sealed = Keyring((SECOND, FIRST)).seal(SECRET)
    assert sealed.key_id == key_id(SECOND)
    assert Keyring((SECOND,)).open(sealed) == SECRET
    with pytest.raises(SealBroken):
        Keyring((FIRST,)).open(sealed)


def test_only_what_the_newest_key_sealed_is_current() -> None:
    old = Keyring((FIRST,)).seal(SECRET)
    ring = Keyring((SECOND, FIRST))
    assert not ring.is_current(old)
    assert ring.is_current(ring.seal(SECRET))
    assert Keyring((FIRST, SECOND)).is_current(old)


def test_a_lost_key_is_named_and_never_shown() -> None:
    sealed = Keyring((FIRST,)).seal(SECRET)
    with pytest.raises(SealBroken) as broken:
        Keyring((SECOND,)).open(sealed)
    assert key_id(FIRST) in str(broken.value)
    assert FIRST not in str(broken.value)
    assert SECRET not in str(broken.value)


def test_without_any_key_nothing_is_sealed_and_nothing_opens() -> None:
    with pytest.raises(SealBroken):
        Keyring(()).seal(SECRET)
    with pytest.raises(SealBroken):
        Keyring(()).open(Keyring((FIRST,)).seal(SECRET))


@pytest.mark.parametrize("place", [0, 9, 40, -2])
def test_a_ciphertext_with_one_changed_letter_opens_no_more(place: int) -> None:
    sealed = Keyring((FIRST,)).seal(SECRET)
    letters = bytearray(sealed.ciphertext)
    letters[place] = ord("A") if letters[place] != ord("A") else ord("B")
    with pytest.raises(SealBroken):
        Keyring((FIRST,)).open(Sealed(sealed.key_id, sealed.last_four, bytes(letters)))


@given(st.binary(max_size=200))
def test_bytes_that_were_never_sealed_are_refused_by_name(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        Keyring((FIRST,)).open(Sealed(key_id(FIRST), "", rubbish))


def test_a_ciphertext_cut_short_opens_no_more() -> None:
    sealed = Keyring((FIRST,)).seal(SECRET)
    for length in (0, 1, 50, len(sealed.ciphertext) - 1):
        with pytest.raises(SealBroken):
            Keyring((FIRST,)).open(Sealed(sealed.key_id, "", sealed.ciphertext[:length]))


def test_a_keys_name_is_eight_letters_and_differs() -> None:
    names = {key_id(key) for key in (FIRST, SECOND, THIRD)}
    assert len(names) == 3
    assert all(len(name) == 8 and name not in key for name in names for key in (FIRST, SECOND, THIRD))
