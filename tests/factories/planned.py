from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import OutgoingMail
from reviews_app.models.planned_mail import PlannedMail
from reviews_app.models.product import Product
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.services.plan_requests import plan_order
from reviews_app.services.send_due_requests import send_due_requests
from reviews_app.services.tools import Tools
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock


@dataclass
class Asked:
    """A store whose rule is on, an order of two products in New York, and its planned request."""

    session: Session
    tools: Tools
    clock: FakeClock
    store: Store
    rule: RequestRule
    pack: Product
    stove: Product
    order: Order

    def place(self, *, email: str = "morgan@example.com", number: str = "#1205", left: datetime | None = None) -> Order:
        """An order that left, and its plan."""
        order = make_order(self.session, self.store, self.pack, self.stove, email=email, number=number)
        order.country_code, order.time_zone = "US", "America/New_York"
        order.fulfilled_at = left or START - timedelta(days=3)
        self.session.flush()
        plan_order(self.session, self.store, order, now=self.clock())
        return order

    def plan(self, kind: Asking = Asking.REQUEST, order: Order | None = None) -> PlannedMail:
        """The newest planned mail of a kind."""
        mine = select(PlannedMail).where(PlannedMail.order_id == (order or self.order).id, PlannedMail.kind == kind)
        return self.session.scalars(mine.order_by(PlannedMail.n.desc())).first() or _none(kind)

    def send(self) -> int:
        """Settle what is due by the clock until nothing is."""
        done, step = 0, 1
        while step:
            step = send_due_requests(self.session, tools=self.tools)
            done += step
        return done

    def send_when_due(self, kind: Asking = Asking.REQUEST) -> PlannedMail:
        """Move the clock to the plan's moment and settle."""
        row = self.plan(kind)
        self.clock.now = max(self.clock.now, row.due_at)
        self.send()
        return row

    def mails(self) -> list[OutgoingMail]:
        return list(self.session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at, OutgoingMail.id)))


def make_asked(session: Session, tools: Tools, clock: FakeClock, slug: str = "larkspur") -> Asked:
    store = make_store(session, slug)
    pack, stove = make_product(session, store, "pack"), make_product(session, store, "stove")
    rule = make_rule(session, store)
    asked = Asked(session, tools, clock, store, rule, pack, stove, order=Order())
    asked.order = asked.place()
    return asked


def _none(kind: Asking) -> PlannedMail:
    raise LookupError(f"no {kind} is planned")
