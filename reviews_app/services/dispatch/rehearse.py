"""Goes through a delivery once and takes it all back, before the worker forks for its first job.

What SQLAlchemy works out at the first use of each statement is then there in every child. Measured: a child that has
to work it out itself needs twice the processor time of one that does not.
"""

from contextlib import suppress

from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.integrations.kustomer.classify import Outcome, Result
from reviews_app.models.delivery import Trigger
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.product import Product
from reviews_app.models.review import Review, Sentiment, Source
from reviews_app.models.store import Store
from reviews_app.services.dispatch.claim_deliveries import claim_in
from reviews_app.services.dispatch.record_posts import record_in
from reviews_app.services.dispatch.send_to_kustomer import is_waiting
from reviews_app.services.dispatch.turns import Turns
from reviews_app.services.plan_delivery import add_row
from reviews_app.services.tools import Tools

ANSWER = Result(Outcome.DELIVERED, "-", 200, "-")
NOWHERE = "https://rehearsal.api.kustomerapp.com/v1/hooks/web/rehearsal"


class Rehearsed(Exception):
    """Ends the transaction without a commit."""


def rehearse(*, tools: Tools) -> None:
    """Leaves no row, rings no bell, calls nobody. Raises SQLAlchemyError when the database does not answer."""
    turns = Turns(tools.clock)
    is_waiting(tools.make_id())
    for look in (turns.waiting, turns.seconds_to_next, turns.anything):
        look()
    with suppress(Rehearsed), transaction() as session:
        for _ in range(2):
            _send_one(session, tools=tools)
        raise Rehearsed


def _send_one(session: Session, *, tools: Tools) -> None:
    store = Store(slug=f"rehearsal-{tools.make_id().hex}", name="", languages=["en"], created_at=tools.clock())
    session.add(store)
    session.flush()
    destination = Destination(store_id=store.id, api_url=NOWHERE, api_key=tools.keyring.seal("-"), mode=Mode.ACTIVE)
    product = Product(store_id=store.id, shop_id="-", handle="-", title="-", created_at=tools.clock())
    session.add_all((destination, product))
    session.flush()
    review = _review(store, product, tools=tools)
    session.add(review)
    session.flush()
    row = add_row(session, review, destination=destination, trigger=Trigger.AUTO, now=tools.clock())
    session.flush()
    named = row.id
    session.expunge_all()
    claim = claim_in(session, named, most=2, per_second=1.0, tools=tools)
    session.flush()
    record_in(session, [(one, ANSWER) for one in claim.rows], tools=tools)
    session.flush()


def _review(store: Store, product: Product, *, tools: Tools) -> Review:
    return Review(
        store_id=store.id,
        product_id=product.id,
        form_id="-",
        rating=5,
        body="-",
        name="-",
        display_name="-",
        email="-",
        email_key="-",
        language_code="en",
        sentiment=Sentiment.POSITIVE,
        source=Source.WRITE_REVIEW_BUTTON,
        created_at=tools.clock(),
    )
