"""A shop with its merchant, a stand-in Kustomer, and a day that passes when a test says so: all in this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.integrations.kustomer.workflow import workflow_file
from reviews_app.jobs.schedule import SCHEDULE
from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import OPENS_AT, Destination, Mode
from reviews_app.models.product import Product
from reviews_app.models.store import Publishing, Store
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.tools import Tools
from tests.factories.member import make_member
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.mailbox import mails_to
from tests.fakes.tools import fake_tools
from tests.sandbox.outside.running import RunningOutside, running_outside
from tests.sandbox.ports import free_ports

MERCHANT = "merchant@example.com"


@dataclass
class KustomerShop:
    """What a test holds in its hands."""

    app: Flask
    clock: FakeClock
    outside: RunningOutside
    base: str

    @property
    def tools(self) -> Tools:
        tools: Tools = self.app.extensions["tools"]
        return tools

    @property
    def settings_page(self) -> str:
        return f"{self.base}/merchant/larkspur/settings/integrations/kustomer"

    def connect(self, *, key: str, url: str) -> None:
        """What a merchant saved some time ago."""
        with self.app.app_context(), transaction() as writing:
            store = writing.scalars(select(Store)).one()
            sealed = self.tools.keyring.seal(key)
            writing.add(Destination(store_id=store.id, api_key=sealed, api_url=url, mode=Mode.ACTIVE))

    def leave(self, count: int) -> None:
        """Shoppers leave reviews, a second apart."""
        with self.app.app_context():
            for _ in range(count):
                with transaction() as writing:
                    store = writing.scalars(select(Store)).one()
                    leave_review(writing, store, writing.scalars(select(Product)).one(), clock=self.clock)
                self.clock.advance(seconds=1)

    def pass_time(self, **parts: float) -> None:
        """Time passes, then scheduler and workers do what is due."""
        self.clock.advance(**parts)
        http = OutgoingHttp(extra_origins=self.tools.settings.extra_origins)
        with self.app.app_context():
            for tick in SCHEDULE:
                with transaction() as writing:
                    tick.run(writing, self.tools)
            waiting = select(Delivery.id).where(
                Delivery.state == DeliveryState.WAITING, Delivery.next_at <= self.clock()
            )
            for _ in range(3):
                session().rollback()
                for delivery_id in session().scalars(waiting).all():
                    send_to_kustomer(delivery_id, tools=self.tools, http=http, per_second=10_000)

    def arrived(self) -> int:
        """How many different reviews Kustomer has."""
        return int(self.outside.counts()["reviews"])

    def subjects(self) -> list[str]:
        """The subjects of the merchant's mails."""
        with self.app.app_context():
            return [str(mail["Subject"]) for mail in mails_to(session(), self.tools, MERCHANT)]


@contextmanager
def kustomer_shop(settings: Settings, clock: FakeClock, folder: Path) -> Iterator[KustomerShop]:
    """Open it; the workflow made for the store stands behind the hook, and nothing is connected yet."""
    (port,) = free_ports(1)
    with running_outside(folder / "outside") as outside:
        base = f"http://127.0.0.1:{port}"
        own = settings.model_copy(update={"public_url": base, "kustomer_extra_origins": outside.base})
        app = create_app(tools=fake_tools(own, clock))
        with app.app_context(), transaction() as writing:
            store = make_store(writing, publishing=Publishing.HOLD_ALL)
            make_product(writing, store)
            make_member(writing, store, MERCHANT)
            made = workflow_file(store, opens_at=OPENS_AT, addresses=app.extensions["tools"].addresses)
        outside.post_to("/kustomer/workflow", made)
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield KustomerShop(app, clock, outside, base)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            dispose_database(app)
