"""What a door hands in: values already checked by its form."""

from dataclasses import dataclass, field
from uuid import UUID

from reviews_app.models.review import AnswerValue


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """The answer to one attribute: choices as the store words them, a scale's number, or text."""

    attribute_id: UUID
    value: AnswerValue


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """A review as typed. `display_name` is None unless the shopper changed how they are shown.

    `taken_back` are the keys of pictures removed on the page, whether or not they had arrived by then.
    """

    form_id: str
    rating: int
    title: str
    body: str
    name: str
    email: str
    page_language: str
    is_recommended: bool | None = None
    display_name: str | None = None
    country_code: str | None = None
    variant_id: UUID | None = None
    answers: tuple[AnswerDraft, ...] = field(default=())
    is_suspect: bool = False
    taken_back: frozenset[str] = frozenset()
