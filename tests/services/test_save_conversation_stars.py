from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.destination import OPENS_AT, Destination, Mode
from reviews_app.services.save_conversation_stars import save_conversation_stars
from tests.factories.destination import make_destination
from tests.factories.store import make_store


def test_stars_are_kept_before_there_is_a_key_and_nothing_is_switched_on(session: Session) -> None:
    store = make_store(session)
    save_conversation_stars(session, store, 4)
    save_conversation_stars(session, store, 3)
    kept = session.scalars(select(Destination)).one()
    assert (kept.opens_at, kept.mode, kept.api_key, kept.off_since) == (3, Mode.OFF, None, None)


def test_one_stores_stars_are_not_anothers(session: Session) -> None:
    mine, theirs = make_store(session), make_store(session, "juniper")
    make_destination(session, mine)
    make_destination(session, theirs)
    save_conversation_stars(session, mine, 0)
    session.flush()
    kept = {one.store_id: one.opens_at for one in session.scalars(select(Destination))}
    assert kept == {mine.id: 0, theirs.id: OPENS_AT}
