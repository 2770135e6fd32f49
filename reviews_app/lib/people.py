"""How people are written: addresses compared, names shortened."""

import unicodedata


def email_key(email: str) -> str:
    """An address as compared: trimmed, NFC, lower case. Dots and plus tags stay, they may be other people."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def display_name(name: str) -> str:
    """Given name and surname initial, "Reviewer M."; one word stays as it is (the contract's rule).

    The initial is the first letter of the last word that has one: brackets, dashes and invisible marks are none.
    """
    words = name.split()
    initials = [initial for word in words[1:] if (initial := _initial(word))]
    if not initials:
        return words[0] if words else ""
    return f"{words[0]} {initials[-1]}."


def _initial(word: str) -> str:
    letter = next((one for one in word if one.isalpha()), "")
    # Some letters have a capital of two ("ß"); an initial is one.
    return letter.upper() if len(letter.upper()) == 1 else letter
