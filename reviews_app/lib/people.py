"""How people are written: addresses compared, names shortened."""

import unicodedata


def email_key(email: str) -> str:
    """An address as compared: trimmed, NFC, lower case. Dots and plus tags stay, they may be other people."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def display_name(name: str) -> str:
    """Given name and surname initial, "Reviewer M."; one word stays as it is (the contract's rule)."""
    words = name.split()
    if len(words) < 2:
        return words[0] if words else ""
    return f"{words[0]} {words[-1][0].upper()}."
