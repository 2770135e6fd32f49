"""Takes over what Kustomer had taken from senders of this machine that died before they could write it down."""

from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.integrations.kustomer.classify import Outcome, Result
from reviews_app.lib.journal import left_behind
from reviews_app.models.delivery import Delivery
from reviews_app.services.dispatch.claim_deliveries import Tried
from reviews_app.services.dispatch.record_posts import record_in
from reviews_app.services.tools import Tools

TAKEN = Result(Outcome.DELIVERED, "Kustomer has it. The sender was stopped right after the answer.")


def posts_folder(tools: Tools) -> Path:
    """Where senders of this machine keep their journals."""
    return tools.settings.data_dir / "deliveries"


def name_of(tried: Tried) -> str:
    """How a try stands in the journal: one lease holds several deliveries."""
    return f"{tried.lease_token.hex}.{tried.delivery_id.hex}"


def settle_posts(session: Session, *, tools: Tools) -> int:
    """What had arrived is delivered and not sent again; gives how many. What was recorded meanwhile stays."""
    with left_behind(posts_folder(tools)) as found:
        if not found.taken:
            return 0
        arrived = record_in(session, [(tried, TAKEN) for tried in _still_held(session, found.taken)], tools=tools)
        session.flush()
        return arrived


def _still_held(session: Session, taken: set[str]) -> list[Tried]:
    leases = {UUID(delivery): UUID(lease) for lease, _, delivery in (name.partition(".") for name in taken)}
    rows = session.scalars(select(Delivery).where(Delivery.id.in_(leases)).order_by(Delivery.id)).all()
    return [
        Tried(
            delivery_id=row.id,
            destination_id=row.destination_id,
            store_id=row.store_id,
            lease_token=row.lease_token,
            n=row.tries,
        )
        for row in rows
        if row.lease_token is not None and row.lease_token == leases[row.id]
    ]
