"""Saves a store's rule of rewards: a change is a new version, what was promised keeps its own."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.models.reward_terms import MailedWhen, RewardTerms
from reviews_app.models.store import Store
from reviews_app.queries.coupons import coupons_of
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.reward_offer import newest_terms
from reviews_app.services.tools import Tools


@dataclass(frozen=True, slots=True)
class RewardRule:
    """Checked values; a coupon left out earns nothing for reviews of that kind."""

    is_on: bool
    for_links: bool
    for_button: bool
    mailed: MailedWhen
    text_coupon_id: UUID | None = None
    photo_coupon_id: UUID | None = None
    video_coupon_id: UUID | None = None


def save_reward_terms(session: Session, store: Store, rule: RewardRule, *, tools: Tools) -> RewardTerms:
    """The newest version: as it was when nothing changed. Raises NotFound for another store's coupon."""
    named = {rule.text_coupon_id, rule.photo_coupon_id, rule.video_coupon_id} - {None}
    if not named <= {one.id for one in coupons_of(session, store)}:
        raise NotFound
    wait_for_others(session, f"reward terms of {store.id}")
    before = newest_terms(session, store.id)
    if before is not None and _rule_of(before) == rule:
        return before
    terms = RewardTerms(
        id=tools.make_id(),
        store_id=store.id,
        version=before.version + 1 if before else 1,
        is_on=rule.is_on,
        for_links=rule.for_links,
        for_button=rule.for_button,
        mailed=rule.mailed,
        text_coupon_id=rule.text_coupon_id,
        photo_coupon_id=rule.photo_coupon_id,
        video_coupon_id=rule.video_coupon_id,
        created_at=tools.clock(),
    )
    session.add(terms)
    session.flush()
    return terms


def _rule_of(terms: RewardTerms) -> RewardRule:
    return RewardRule(
        is_on=terms.is_on,
        for_links=terms.for_links,
        for_button=terms.for_button,
        mailed=terms.mailed,
        text_coupon_id=terms.text_coupon_id,
        photo_coupon_id=terms.photo_coupon_id,
        video_coupon_id=terms.video_coupon_id,
    )
