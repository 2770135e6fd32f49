from sqlalchemy.orm import Session

from reviews_app.models.store import Publishing, Store
from tests.fakes.clock import START


def make_store(session: Session, slug: str = "larkspur", *, publishing: Publishing = Publishing.AT_ONCE) -> Store:
    store = Store(
        slug=slug,
        name=slug.title(),
        languages=["en", "de", "fr", "es", "ja", "ar"],
        time_zone="Europe/Berlin",
        home_country="US",
        currency="USD",
        reply_address=f"help@{slug}.example",
        postal_address="1 Field Lane, Portland",
        publishing=publishing,
        created_at=START,
    )
    session.add(store)
    session.flush()
    return store
