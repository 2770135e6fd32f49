"""A place that was offered counts as full until its file is taken in or the place is cleared."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.config import Settings
from reviews_app.db.after_commit import Ring, take_rings
from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.db.job_names import JobName
from reviews_app.media.storage import INCOMING, OPAQUE, RAW
from reviews_app.models.media import Media, MediaKind, MediaState
from reviews_app.models.media_offer import MediaOffer
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.store import Store
from reviews_app.services.direct_upload import Offered, offer_upload, take_offered
from reviews_app.services.dispatch.clear_offer import clear_offer
from reviews_app.services.media_offers import FILLED_WITHIN, OFFER_HOLDS, ring_for_places
from reviews_app.services.media_quotas import BYTES_A_DAY, FILES_A_DAY, MIB, has_room_for
from reviews_app.services.stage_picture import (
    KeptFile,
    PictureNotKept,
    QuotaReached,
    Sent,
    StoreFull,
    Ticket,
    VideoTooLarge,
    add_row,
)
from reviews_app.services.tools import Tools
from tests.factories.media import lying
from tests.factories.picture import make_picture
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.offering import OfferingFolder
from tests.fakes.two_people import two_at_once

LATER = OFFER_HOLDS + timedelta(seconds=1)


@pytest.fixture
def tools(app: Flask, settings: Settings) -> Tools:
    """A store with room for ten megabytes, and browsers that send elsewhere."""
    made: Tools = app.extensions["tools"]
    made.storage.keeper = OfferingFolder(settings.data_dir)
    with app.app_context(), transaction() as writing:
        make_store(writing).media_quota_mb = 10
    return made


@pytest.fixture
def store(tools: Tools, session: Session) -> Store:
    return session.scalars(select(Store)).one()


def file_of(key: str, *, form_id: str = "form-1", sender: str = "") -> Sent:
    return Sent(form_id, f"{key}.jpg", Ticket(key), sender)


def offer(session: Session, store: Store, tools: Tools, sent: Sent, *, megabytes: int = 0) -> Offered:
    made = offer_upload(session, store, sent, byte_count=megabytes * MIB, storage=tools.storage, clock=tools.clock)
    assert made is not None
    return made


def arrives(tools: Tools, offered: Offered) -> None:
    tools.storage.keeper.put(INCOMING + offered.name, [make_picture()], OPAQUE)


def take(session: Session, store: Store, tools: Tools, sent: Sent, offered: Offered) -> Media:
    kept = take_offered(session, store, offered.name, storage=tools.storage)
    return add_row(session, store, sent, kept, clock=tools.clock)


def test_open_places_fill_the_store_before_a_byte_has_come(session: Session, store: Store, tools: Tools) -> None:
    offer(session, store, tools, file_of("key-a"), megabytes=6)
    with pytest.raises(StoreFull):
        offer(session, store, tools, file_of("key-b", form_id="form-2"), megabytes=5)
    offer(session, store, tools, file_of("key-c", form_id="form-3"), megabytes=4)
    assert not has_room_for(session, store)


def test_a_place_takes_what_was_said_and_the_largest_when_nothing_was(
    session: Session, store: Store, tools: Tools
) -> None:
    store.media_quota_mb = 200
    said = offer(session, store, tools, file_of("key-a"), megabytes=3)
    unsaid = offer(session, store, tools, file_of("key-b"))
    largest = store.most_video_mb
    assert [one.offer.fields["most"] for one in (said, unsaid)] == [str(3 * MIB), str(largest * MIB)]
    assert has_room_for(session, store, more=(197 - largest) * MIB)
    assert not has_room_for(session, store, more=(197 - largest) * MIB + 1)
    with pytest.raises(VideoTooLarge):
        offer(session, store, tools, file_of("key-c"), megabytes=largest + 1)


def test_the_same_file_tried_again_and_again_takes_one_place(session: Session, store: Store, tools: Tools) -> None:
    """As large as the largest it was promised: that promise still holds."""
    first = offer(session, store, tools, file_of("key-a"), megabytes=6)
    for megabytes in (5, 8, 6):
        assert offer(session, store, tools, file_of("key-a"), megabytes=megabytes).name == first.name
    assert has_room_for(session, store, more=2 * MIB)
    assert not has_room_for(session, store, more=2 * MIB + 1)


def test_what_was_taken_in_counts_as_large_as_it_is_and_only_once(session: Session, store: Store, tools: Tools) -> None:
    sent = file_of("key-a")
    offered = offer(session, store, tools, sent, megabytes=9)
    arrives(tools, offered)
    row = take(session, store, tools, sent, offered)
    assert (row.byte_count, list(lying(tools.storage.keeper))) == (len(make_picture()), [RAW + row.name])
    assert has_room_for(session, store, more=10 * MIB - row.byte_count)
    assert not has_room_for(session, store, more=10 * MIB - row.byte_count + 1)


def test_a_place_gives_one_file_however_often_it_is_filled(session: Session, store: Store, tools: Tools) -> None:
    offered = offer(session, store, tools, file_of("key-a"), megabytes=1)
    arrives(tools, offered)
    first = take_offered(session, store, offered.name, storage=tools.storage)
    arrives(tools, offered)
    second = take_offered(session, store, offered.name, storage=tools.storage)
    assert first.name != second.name, "what was looked at lies where nobody can put anything"
    add_row(session, store, file_of("key-a"), first, clock=tools.clock)
    with pytest.raises(PictureNotKept):
        add_row(session, store, file_of("key-b"), second, clock=tools.clock)
    with pytest.raises(PictureNotKept):
        take_offered(session, store, offered.name, storage=tools.storage)


def test_a_place_of_another_store_is_none(session: Session, store: Store, tools: Tools) -> None:
    offered = offer(session, store, tools, file_of("key-a"), megabytes=1)
    arrives(tools, offered)
    with pytest.raises(PictureNotKept):
        take_offered(session, make_store(session, "juniper"), offered.name, storage=tools.storage)
    assert list(lying(tools.storage.keeper)) == [INCOMING + offered.name]


def test_what_somebody_was_offered_counts_into_their_day(session: Session, store: Store, tools: Tools) -> None:
    store.media_quota_mb = 10_000
    sent = file_of("key-a", sender="somebody")
    offer(session, store, tools, sent, megabytes=80)
    for number in range(BYTES_A_DAY // MIB // 80 - 1):
        offer(session, store, tools, file_of(f"key-{number}", sender="somebody"), megabytes=80)
    with pytest.raises(QuotaReached):
        offer(session, store, tools, file_of("key-z", sender="somebody"), megabytes=80)
    offer(session, store, tools, file_of("key-z", sender="another"), megabytes=80)


def test_so_do_many_small_places(session: Session, store: Store, tools: Tools) -> None:
    for number in range(FILES_A_DAY):
        place = MediaOffer(store_id=store.id, form_id="f", upload_key=f"{number}", name=f"{number}", byte_count=1)
        place.sender_key, place.created_at = "somebody", tools.clock()
        session.add(place)
    session.flush()
    with pytest.raises(QuotaReached):
        offer(session, store, tools, file_of("key-a", sender="somebody"), megabytes=1)


def test_what_a_scanner_locked_away_still_takes_room(session: Session, store: Store, tools: Tools) -> None:
    row = Media(store_id=store.id, form_id="form-1", name="bad", byte_count=9 * MIB, has_original=False)
    row.state, row.trouble, row.created_at = MediaState.FAILED, MediaTrouble.INFECTED, tools.clock()
    row.enqueued_at = tools.clock()
    session.add(row)
    session.flush()
    assert has_room_for(session, store, more=MIB)
    assert not has_room_for(session, store, more=MIB + 1)


def opened_place(app: Flask, tools: Tools) -> tuple[UUID, Offered]:
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        made = offer(writing, store, tools, file_of("key-a"), megabytes=9)
        arrives(tools, made)
        return writing.scalars(select(MediaOffer.id)).one(), made


def rung(app: Flask, clock: FakeClock) -> list[Ring]:
    with app.app_context(), transaction() as writing:
        count = ring_for_places(writing, now=clock())
        found = take_rings(writing)
        assert len(found) == count
        return found


def has_room(app: Flask) -> bool:
    with app.app_context():
        return has_room_for(reading(), reading().scalars(select(Store)).one(), more=2 * MIB)


def test_a_place_nobody_came_back_to_is_cleared_and_counts_no_more(app: Flask, tools: Tools, clock: FakeClock) -> None:
    offer_id, offered = opened_place(app, tools)
    clock.now += OFFER_HOLDS
    assert rung(app, clock) == []
    with app.app_context():
        assert not clear_offer(offer_id, tools=tools), "it is open still"
    clock.advance(seconds=1)
    assert not has_room(app)
    assert rung(app, clock) == [Ring(JobName.CLEAR_OFFER, offer_id)]
    with app.app_context():
        assert clear_offer(offer_id, tools=tools)
        assert not clear_offer(offer_id, tools=tools)
    assert (lying(tools.storage.keeper), rung(app, clock), has_room(app)) == ({}, [], True)
    with app.app_context(), pytest.raises(PictureNotKept):
        take_offered(reading(), reading().scalars(select(Store)).one(), offered.name, storage=tools.storage)


def test_a_bucket_that_is_away_keeps_a_place_counted(app: Flask, tools: Tools, clock: FakeClock) -> None:
    offer_id, _ = opened_place(app, tools)
    clock.now += LATER
    away = tools.storage.keeper
    assert isinstance(away, OfferingFolder)
    away.is_away = True
    with app.app_context():
        assert not clear_offer(offer_id, tools=tools)
    assert (has_room(app), rung(app, clock)) == (False, [Ring(JobName.CLEAR_OFFER, offer_id)])
    away.is_away = False
    with app.app_context():
        assert clear_offer(offer_id, tools=tools)
    assert lying(away) == {}


def test_a_place_filled_again_after_its_file_was_taken_is_cleared_as_soon_as_nobody_can_fill_it(
    app: Flask, tools: Tools, clock: FakeClock
) -> None:
    offer_id, offered = opened_place(app, tools)
    with app.app_context(), transaction() as writing:
        row = take(writing, writing.scalars(select(Store)).one(), tools, file_of("key-a"), offered)
        name = row.name
    arrives(tools, offered)
    clock.now += FILLED_WITHIN
    assert rung(app, clock) == []
    clock.advance(seconds=1)
    assert rung(app, clock) == [Ring(JobName.CLEAR_OFFER, offer_id)]
    with app.app_context():
        assert clear_offer(offer_id, tools=tools)
    assert list(lying(tools.storage.keeper)) == [RAW + name]


Act = Callable[[Session], object]


def files_at_once(tools: Tools, key: str) -> Act:
    """A file of six megabytes of a form of its own."""

    def add(session: Session) -> object:
        store = session.scalars(select(Store)).one()
        sent = file_of(key, form_id=f"form-{key}")
        return add_row(session, store, sent, KeptFile(key, MediaKind.IMAGE, 6 * MIB), clock=tools.clock).name

    return add


def places_at_once(tools: Tools, key: str) -> Act:
    """A place of six megabytes for a form of its own."""

    def add(session: Session) -> object:
        store = session.scalars(select(Store)).one()
        return offer(session, store, tools, file_of(key, form_id=f"form-{key}"), megabytes=6).name

    return add


@pytest.mark.parametrize("kind", [files_at_once, places_at_once])
def test_two_at_once_do_not_both_get_the_last_room(app: Flask, tools: Tools, kind: Callable[[Tools, str], Act]) -> None:
    answer = two_at_once(app, kind(tools, "key-a"), kind(tools, "key-b"))
    assert isinstance(answer, StoreFull)
