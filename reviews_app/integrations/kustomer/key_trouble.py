"""Why a key was not taken, read from Kustomer's own words: three causes have remedies of their own."""

import re
from enum import StrEnum


class KeyTrouble(StrEnum):
    """What a person has to put right."""

    EXPIRED = "expired"
    REGION = "region"
    CALLER = "caller"
    ANY = "any"


SIGNS = (
    (KeyTrouble.EXPIRED, re.compile(r"\bexpired?\b", re.IGNORECASE)),
    (KeyTrouble.CALLER, re.compile(r"\b(ip|cidr|ip[ -]?address|allow[ -]?list|whitelist)\b", re.IGNORECASE)),
    # The pods stand in Kustomer's answer: the one asked, and the one the key belongs to.
    (KeyTrouble.REGION, re.compile(r"\b(region|pod|prod\d)\b", re.IGNORECASE)),
)


def key_trouble(words: str) -> KeyTrouble:
    """The first cause whose sign stands in the words; ANY when they say nothing of the kind."""
    return next((trouble for trouble, sign in SIGNS if sign.search(words)), KeyTrouble.ANY)
