"""What a shop passes on of a person's rights, or of its own end."""

from dataclasses import dataclass
from enum import StrEnum


class PrivacyWish(StrEnum):
    """What is asked for."""

    ERASE_PERSON = "erase_person"
    TELL_PERSON = "tell_person"
    ERASE_SHOP = "erase_shop"


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """The wish, and whose it is; `orders` are the shop's ids of the person's orders."""

    wish: PrivacyWish
    email: str = ""
    orders: tuple[str, ...] = ()
