"""What a buyer told once and is not asked again: name, country, and the questions about the person."""

from dataclasses import dataclass, field
from typing import Any

from reviews_app.db.database import session
from reviews_app.lib.people import display_name
from reviews_app.models.attribute import Attribute, AttributeAbout
from reviews_app.models.review import Review
from reviews_app.services.answer_attributes import attributes_of
from reviews_app.web.review_form.attribute_fields import field_name, unsaid
from reviews_app.web.review_form.form import Preset
from reviews_app.web.review_links.opened import OpenedLink


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """How they are shown, and the names of the fields that need no second answer."""

    shown_as: str
    fields: frozenset[str] = field(default=frozenset())


def known_person(link: OpenedLink) -> KnownPerson | None:
    """Who wrote the order's earlier reviews; None before the first."""
    reviews = link.standing.reviews
    if not reviews:
        return None
    asked = {field_name(one) for review in reviews for one in _asked_by(review)}
    return KnownPerson(reviews[-1].display_name, frozenset(asked))


def preset_of(link: OpenedLink, *, rating: str | None, variant: str) -> Preset:
    """What the form opens with: from the order, and from what was told in an earlier review of it."""
    customer = link.order.customer
    reviews = link.standing.reviews
    last = reviews[-1] if reviews else None
    if last is None:
        return Preset(
            rating=rating,
            name=customer.name,
            email=customer.email,
            country=link.order.country_code or "",
            variant=variant,
        )
    return Preset(
        rating=rating,
        name=last.name,
        email=customer.email,
        country=last.country_code or "",
        variant=variant,
        display_name=_own_name(last),
        answers=_answers(reviews),
    )


def _answers(reviews: list[Review]) -> dict[str, Any]:
    """The newest answer to each question about the person; one left open on purpose stays "prefer not to say"."""
    told: dict[str, Any] = {}
    for review in reviews:
        given = {answer.attribute_id: answer.value for answer in review.answers}
        for attribute in _asked_by(review):
            value = given.get(attribute.id, unsaid(attribute))
            if value is not None:
                told[field_name(attribute)] = value
    return told


def _asked_by(review: Review) -> list[Attribute]:
    about = attributes_of(session(), review.product)
    return [one for one in about if one.about is AttributeAbout.REVIEWER]


def preset_of_review(review: Review, attributes: list[Attribute]) -> Preset:
    """A review as its author left it."""
    given = {answer.attribute_id: answer.value for answer in review.answers}
    answers: dict[str, Any] = {field_name(one): given[one.id] for one in attributes if one.id in given}
    recommended = {True: "yes", False: "no", None: None}[review.is_recommended]
    return Preset(
        rating=str(review.rating),
        name=review.name,
        country=review.country_code or "",
        variant=str(review.variant_id or ""),
        display_name=_own_name(review),
        answers={"title": review.title, "body": review.body, "recommended": recommended, **answers},
    )


def _own_name(review: Review) -> str:
    return "" if review.display_name == display_name(review.name) else review.display_name
