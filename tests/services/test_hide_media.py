from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.account import Account
from reviews_app.models.media import Media, MediaState
from reviews_app.models.media_hiding import HidingReason, MediaHiding
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.product import Product
from reviews_app.models.rating import ProductRating
from reviews_app.models.review import RejectionReason, Review
from reviews_app.models.store import Store
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.dispatch.claim_media import record_failed
from reviews_app.services.hide_media import MediaAlreadyDecided, hide_media, show_media
from reviews_app.services.roll_up_ratings import recount
from reviews_app.services.staged_pictures import staged_pictures
from reviews_app.services.tools import Tools
from tests.factories.member import make_member
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.staged import FORM_ID, leave_review_with_pictures, make_staged
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def store(session: Session) -> Store:
    return make_store(session)


@pytest.fixture
def product(session: Session, store: Store) -> Product:
    return make_product(session, store)


@pytest.fixture
def kim(session: Session, store: Store) -> Account:
    return make_member(session, store)


@pytest.fixture
def review(session: Session, store: Store, product: Product, tools: Tools) -> Review:
    return leave_review_with_pictures(session, store, product, tools, count=2)


def hide(session: Session, media: Media, by: Account, clock: FakeClock) -> None:
    hide_media(session, media, reason=HidingReason.PERSONAL_DATA, by=by, clock=clock)
    session.flush()


def counted(session: Session, product: Product) -> int:
    return session.get_one(ProductRating, product.id, populate_existing=True).with_media


def test_a_hidden_picture_keeps_why_who_and_when(
    session: Session, review: Review, kim: Account, clock: FakeClock
) -> None:
    hide(session, review.media[0], kim, clock)
    kept = session.scalars(select(MediaHiding)).one()
    assert (kept.reason, kept.hidden_by, kept.hidden_at) == (HidingReason.PERSONAL_DATA, kim.id, clock())
    assert [one.is_hidden for one in review.media] == [True, False]


def test_shown_again_the_first_hiding_stays_on_record(
    session: Session, review: Review, kim: Account, clock: FakeClock
) -> None:
    hide(session, review.media[0], kim, clock)
    clock.advance(hours=1)
    show_media(session, review.media[0], by=kim, clock=clock)
    clock.advance(hours=1)
    hide(session, review.media[0], kim, clock)
    first, second = session.scalars(select(MediaHiding).order_by(MediaHiding.hidden_at))
    assert first.shown_at is not None
    assert (first.shown_by, first.shown_at - first.hidden_at) == (kim.id, timedelta(hours=1))
    assert (second.shown_by, second.shown_at, review.media[0].is_hidden) == (None, None, True)


def test_the_counts_follow_the_last_picture_only(
    session: Session, product: Product, review: Review, kim: Account, clock: FakeClock
) -> None:
    seen = [counted(session, product)]
    for one in review.media:
        hide(session, one, kim, clock)
        seen.append(counted(session, product))
    show_media(session, review.media[1], by=kim, clock=clock)
    session.flush()
    seen.append(counted(session, product))
    assert seen == [1, 1, 0, 1]
    assert review.has_media
    recount(session, store_id=product.store_id, product_id=product.id)
    assert counted(session, product) == 1


def test_a_review_nobody_sees_is_counted_by_what_shows_once_it_is_published(
    session: Session, store: Store, product: Product, tools: Tools, kim: Account, clock: FakeClock
) -> None:
    waits = leave_review_with_pictures(session, store, product, tools, is_suspect=True)
    hide(session, waits.media[0], kim, clock)
    publish_review(session, waits, clock=clock)
    assert counted(session, product) == 0
    show_media(session, waits.media[0], by=kim, clock=clock)
    assert counted(session, product) == 1
    reject_review(session, waits, reason=RejectionReason.SPAM, clock=clock)
    assert counted(session, product) == 0


def test_who_comes_second_is_told(session: Session, review: Review, kim: Account, clock: FakeClock) -> None:
    with pytest.raises(MediaAlreadyDecided):
        show_media(session, review.media[0], by=kim, clock=clock)
    hide(session, review.media[0], kim, clock)
    with pytest.raises(MediaAlreadyDecided):
        hide(session, review.media[0], kim, clock)
    assert len(session.scalars(select(MediaHiding)).all()) == 1


def test_the_record_goes_with_its_row(session: Session, review: Review, kim: Account, clock: FakeClock) -> None:
    hide(session, review.media[0], kim, clock)
    session.delete(review.media[0])
    session.flush()
    assert session.scalars(select(MediaHiding)).all() == []


def test_a_review_whose_files_all_failed_counts_as_one_without(
    session: Session, store: Store, product: Product, tools: Tools
) -> None:
    """Some failed while the form was open, the last one after it was sent."""
    for key in ("key-aaaa", "key-bbbb"):
        make_staged(session, store, tools, key=key)
    staged_pictures(session, store, FORM_ID)[0].state = MediaState.FAILED
    review = leave_review(session, store, product, form_id=FORM_ID)
    assert (review.has_media, counted(session, product)) == (True, 1)
    last = review.media[1].id
    session.commit()
    record_failed(last, MediaTrouble.BROKEN)
    session.expire_all()
    assert (review.has_media, counted(session, product)) == (False, 0)


def test_a_form_whose_only_file_failed_leaves_a_review_without(
    session: Session, store: Store, product: Product, tools: Tools
) -> None:
    make_staged(session, store, tools).state = MediaState.FAILED
    session.flush()
    review = leave_review(session, store, product, form_id=FORM_ID)
    assert (review.has_media, counted(session, product)) == (False, 0)
