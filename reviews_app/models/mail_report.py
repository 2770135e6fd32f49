"""What a provider or a mail server says became of a mail after it had left."""

from dataclasses import dataclass
from enum import StrEnum


class MailFate(StrEnum):
    """It came back, or its reader marked it as spam."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True)
class MailReport:
    """One mail, named by its Message-ID or only by whom it was for."""

    fate: MailFate
    message_id: str = ""
    email: str = ""
    status: str = ""
    detail: str = ""
