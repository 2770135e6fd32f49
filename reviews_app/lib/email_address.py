"""What is an email address, and just one."""

from email_validator import EmailNotValidError, validate_email

from reviews_app.lib.people import email_key

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


def ascii_email(text: str) -> str | None:
    """The address as mail servers take it, an international host name in its ASCII form; None when there is none."""
    plain = text.strip()
    if plain.isascii():
        return plain
    try:
        checked = validate_email(plain, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.ascii_email


def mailbox_key(address: str) -> str:
    """A mailbox as compared, however its host was spelled: `email_key` of the form servers take."""
    return email_key(ascii_email(address) or address)


def masked_email(address: str) -> str:
    """Enough of an address for its owner to know it, too little for anybody else: `m•••@e•••.com`."""
    local, _, host = address.partition("@")
    name, dot, ending = host.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••{dot}{ending}" if local and name else "•••"
