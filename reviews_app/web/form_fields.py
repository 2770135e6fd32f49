"""Fields and checks that several forms share, with words a person can use."""

import re
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext, lazy_gettext
from wtforms import Field, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the published types are a version behind

from reviews_app.lib.plain_text import NO_LETTERS

# Control characters but tab and line breaks, halves of surrogate pairs, numbers without a letter: no keyboard types
# them. U+FFFD is what bytes that are no UTF-8 were read as.
UNWRITABLE = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd{NO_LETTERS}]")


def choice(value: str, label: Any) -> Any:
    """One option of a choice."""
    return SelectChoice(value, label)


def values_of(field: Any) -> set[str]:
    """The values a choice offers."""
    return {str(one.value) for one in field.choices}


def one_break(text: Any) -> Any:
    """A line break is one letter, as a page counts it; browsers send two."""
    return text.replace("\r\n", "\n") if isinstance(text, str) else text


class Writable:
    """Refuses letters that cannot be kept or shown."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises ValidationError."""
        if isinstance(field.data, str) and UNWRITABLE.search(field.data):
            raise ValidationError(gettext("This holds a character that cannot be shown. Type it once more."))


class AtMost:
    """Refuses more letters than fit, and says how many are too many."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises ValidationError."""
        over = len(field.data or "") - self.most
        if over > 0:
            raise ValidationError(
                gettext("Up to %(most)s letters fit here. This is %(over)s too long.", most=self.most, over=over)
            )


class Needed:
    """Refuses an empty answer with words of its own."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.field_flags = {"required": False}

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises ValidationError; blanks alone are empty."""
        empty = not field.data.strip() if isinstance(field.data, str) else field.data in (None, [])
        if empty:
            raise ValidationError(str(self.words))


class EmailField(StringField):
    """An address; blanks around it are nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Trim."""
        self.data = valuelist[0].strip() if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for what is no address, or one our mails cannot reach; no network is asked."""
        if not self.data or UNWRITABLE.search(self.data):
            return
        try:
            validate_email(self.data, check_deliverability=False, test_environment=True, allow_smtputf8=False)
        except EmailNotValidError:
            raise ValidationError(gettext("This is not an email address yet. It looks like name@example.com")) from None


REQUIRED_EMAIL = lazy_gettext("Your email is needed, so that the shop can reach you. It is never shown.")
