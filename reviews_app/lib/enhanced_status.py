"""Enhanced status codes (RFC 3463): what a failed mail says of the address it was for."""

import re
from enum import StrEnum

CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# 5.1.7 and 5.1.8 are about the sender's address, not the recipient's.
OURS = frozenset({"5.1.7", "5.1.8"})
# The mailbox is switched off; its host does not exist; a provider's word for "it failed, for good".
GONE = frozenset({"5.2.1", "5.4.4", "5.0.0"})
FULL = frozenset({"5.2.2", "4.2.2", "4.4.7", "4.4.1"})


class Verdict(StrEnum):
    """Whether more mail should go to the address."""

    GONE = "gone"
    FOR_A_WHILE = "for_a_while"
    NOT_THE_ADDRESS = "not_the_address"


def enhanced_status(words: str) -> str:
    """The first code of the form 5.1.1 in a server's words, or nothing."""
    found = CODE.search(words)
    return found.group(0) if found else ""


def verdict(status: str) -> Verdict:
    """What a status says of the address: gone for good, no use for a while, or nothing (policy, size, spam)."""
    if (status.startswith("5.1.") and status not in OURS) or status in GONE:
        return Verdict.GONE
    return Verdict.FOR_A_WHILE if status in FULL else Verdict.NOT_THE_ADDRESS
