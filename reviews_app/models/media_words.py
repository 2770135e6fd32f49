"""Words of pictures and videos that the child process knows as well: nothing heavy may be imported here."""

from enum import StrEnum

# The longer side, in pixels, of what is served: a large view, a page's width on a phone, a thumbnail.
SIZES = (1600, 640, 160)
# What mails show, beside or instead of these: a product as a square, a logo with its clear parts.
MAIL_JPEG, MAIL_PNG = "mail.jpg", "mail.png"


class MediaTrouble(StrEnum):
    """Why a file failed, or what an uploaded one waits for."""

    BROKEN = "broken"
    TOO_LARGE_TO_DECODE = "too_large_to_decode"
    TOO_LONG = "too_long"
    UNKNOWN_CODEC = "unknown_codec"
    INFECTED = "infected"
    TOO_HEAVY = "too_heavy"
    SCANNER_AWAY = "scanner_away"
    STORAGE_AWAY = "storage_away"
