"""Words from outside as one line that can be kept, shown and put into a mail's head."""

import re
import unicodedata
from html import unescape

# Numbers that Unicode gives to no letter, ever: XML, and with it every mail, knows none of U+FFFE and U+FFFF.
NO_LETTERS = "\ufdd0-\ufdef" + "".join(f"{chr(last - 1)}{chr(last)}" for last in range(0xFFFF, 0x110000, 0x10000))
# Controls, halves of surrogate pairs, and the marks that turn the direction of what follows them.
TURNS_AND_HALVES = r"\u202a-\u202e\u2066-\u2069\ud800-\udfff"
UNKEEPABLE = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029{TURNS_AND_HALVES}{NO_LETTERS}]+")
UNKEEPABLE_IN_TEXT = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{TURNS_AND_HALVES}{NO_LETTERS}]+")
NOT_IN_MARKUP = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff{NO_LETTERS}]")
# Tags that stand within a sentence: what they hold goes on in the same line.
WITHIN = re.compile(r"</?(?:a|abbr|b|bdi|code|em|font|i|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]{0,2000})?>", re.I)
# A sign for "less than" begins none.
TAG = re.compile(r"<[A-Za-z/!?][^<>]{0,2000}>")


def one_line(text: str, *, most: int) -> str:
    """NFC, no control letters, blanks joined, at most `most` letters: no line break reaches a mail's head."""
    return " ".join(UNKEEPABLE.sub(" ", unicodedata.normalize("NFC", text)).split())[:most].rstrip()


def fit_for_markup(text: str) -> str:
    """Without what no XML may hold, for texts that were kept when more could be."""
    return NOT_IN_MARKUP.sub("", text)


def plain_paragraphs(markup: str, *, most: int) -> str:
    """The words of a description without its tags; line breaks stay. For text only: it is escaped when shown."""
    text = unicodedata.normalize("NFC", unescape(TAG.sub("\n", WITHIN.sub("", markup.replace("\r\n", "\n")))))
    lines = (" ".join(UNKEEPABLE_IN_TEXT.sub(" ", line).split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:most].rstrip()
