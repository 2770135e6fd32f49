"""What is an email address, and just one."""

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


def plain_email(text: str) -> str | None:
    """The address without blanks around it; None when it is none, several, or carries a name. No network is asked."""
    address = text.strip()
    if len(address) > LONGEST:
        return None
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return address
