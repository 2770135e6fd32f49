from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from reviews_app.models.request_rule import RequestRule, default_rule
from reviews_app.models.store import Store
from reviews_app.services.prove_sender import note_received
from reviews_app.services.save_mail_look import sender_to_change
from tests.fakes.clock import START


def make_rule(session: Session, store: Store, **changes: Any) -> RequestRule:
    """A rule with every default, on since a month before the test's clock starts, and a sender that is proven."""
    rule = default_rule(store.id)
    rule.on_since = START - timedelta(days=30)
    for name, value in changes.items():
        setattr(rule, name, value)
    session.add(rule)
    note_received(sender_to_change(session, store), clock=lambda: START)
    session.flush()
    return rule
