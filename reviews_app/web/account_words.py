"""What Flask-Security says, in our words and with our kinds of notice."""

SHORTEST_PASSWORD = 10
GONE = "This link was used, or its two hours are over. Ask for a new one."

WORDS = {
    "GENERIC_AUTHN_FAILED": ("Address and password do not fit together. Check both, or reset the password.", "danger"),
    "PASSWORD_RESET_REQUEST": ("If an account has this address, a mail with a link is on its way.", "ok"),
    "PASSWORD_RESET_NO_LOGIN": ("The new password is saved. Sign in with it.", "ok"),
    "PASSWORD_RESET_EXPIRED": (GONE, "warn"),
    "INVALID_RESET_PASSWORD_TOKEN": (GONE, "warn"),
    "PASSWORD_INVALID_LENGTH": (f"The password needs at least {SHORTEST_PASSWORD} letters.", "danger"),
    "PASSWORD_NOT_PROVIDED": ("Type the password.", "danger"),
    "RETYPE_PASSWORD_MISMATCH": ("The two are not the same. Type both once more.", "danger"),
    "EMAIL_NOT_PROVIDED": ("Type the address you sign in with.", "danger"),
    "INVALID_EMAIL_ADDRESS": ("This is not an email address yet. It looks like name@example.com", "danger"),
    "INVALID_REDIRECT": ("That link led elsewhere. Sign in once more.", "warn"),
}


def messages() -> dict[str, tuple[str, str]]:
    """As the library's settings."""
    return {f"SECURITY_MSG_{name}": words for name, words in WORDS.items()}
