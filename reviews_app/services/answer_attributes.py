"""Turns what a form answered into rows, with each question as it stands now."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from reviews_app.models.attribute import Attribute, AttributeKind
from reviews_app.models.product import Product
from reviews_app.models.review import AnswerValue, Review, ReviewAnswer
from reviews_app.services.review_draft import AnswerDraft


class UnknownAttribute(Exception):
    """An answer to a question this product does not ask."""


def answers_for(
    session: Session, drafts: tuple[AnswerDraft, ...], *, review: Review, product: Product
) -> list[ReviewAnswer]:
    """One row per answered attribute, in the form's order; raises UnknownAttribute for any other."""
    if not drafts:
        return []
    asked = {attribute.id: attribute for attribute in attributes_of(session, product)}
    rows = [_answer(asked, draft, review) for draft in drafts]
    return sorted(rows, key=lambda row: row.position)


def attributes_of(session: Session, product: Product) -> list[Attribute]:
    """The questions a product's form asks, in their order."""
    of_store = select(Attribute).where(Attribute.store_id == product.store_id)
    chosen = of_store.where(or_(Attribute.for_all_products, Attribute.products.any(id=product.id)))
    return list(session.scalars(chosen.order_by(Attribute.position, Attribute.id)))


def _answer(asked: dict[UUID, Attribute], draft: AnswerDraft, review: Review) -> ReviewAnswer:
    attribute = asked.get(draft.attribute_id)
    if attribute is None:
        raise UnknownAttribute(str(draft.attribute_id))
    return ReviewAnswer(
        store_id=review.store_id,
        attribute_id=attribute.id,
        title=attribute.title,
        value=draft.value,
        shown=shown_answer(attribute, draft.value),
        position=attribute.position,
    )


def shown_answer(attribute: Attribute, value: AnswerValue) -> str:
    """An answer in words: choices joined by commas, a scale's ends and middle by name, else its number."""
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, str):
        return value
    return _shown_step(attribute, value)


def _shown_step(attribute: Attribute, value: int) -> str:
    """A named step by its name; between them "slightly" around a middle, else the number."""
    steps = attribute.kind.steps
    named = {steps[0]: attribute.low, steps[2]: attribute.middle, steps[-1]: attribute.high}
    if named.get(value):
        return named[value]
    if attribute.kind is not AttributeKind.CENTRED_SCALE:
        return f"{value} / {steps[-1]}"
    between = {steps[1]: attribute.low, steps[3]: attribute.high}
    return f"Slightly {between[value][:1].lower()}{between[value][1:]}" if between.get(value) else str(value)
