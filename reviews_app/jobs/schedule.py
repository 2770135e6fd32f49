"""The clock table: what happens again and again, and how often."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from reviews_app.services.ask_author import ask_authors
from reviews_app.services.continue_bulk_send import ring_for_bulk_sends
from reviews_app.services.dispatch.settle_posts import settle_posts
from reviews_app.services.give_reward import give_rewards
from reviews_app.services.look_back import continue_look_backs
from reviews_app.services.media_offers import ring_for_places
from reviews_app.services.notify_merchant import notify_merchants
from reviews_app.services.plan_requests import plan_requests
from reviews_app.services.reconcile import reconcile
from reviews_app.services.send_due_requests import send_due_requests
from reviews_app.services.sweep_deliveries import send_canaries, sweep_deliveries
from reviews_app.services.sweep_drawings import sweep_drawings
from reviews_app.services.sweep_mails import sweep_mails
from reviews_app.services.sweep_media import ring_for_tidying, sweep_media
from reviews_app.services.take_in_file import ring_for_files
from reviews_app.services.tools import Tools


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the table: `run` works inside a transaction and gives how much it did."""

    name: str
    seconds: float
    run: Callable[[Session, Tools], int]


def _sweep_media(session: Session, tools: Tools) -> int:
    return sweep_media(session, now=tools.clock())


def _sweep_deliveries(session: Session, tools: Tools) -> int:
    settle_posts(session, tools=tools)
    return sweep_deliveries(session, now=tools.clock(), unit=tools.settings.delivery_time_unit)


def _ring_for_bulk_sends(session: Session, _tools: Tools) -> int:
    return ring_for_bulk_sends(session)


SCHEDULE = (
    Tick("sweep deliveries", 15, _sweep_deliveries),
    Tick("ring for bulk sends", 15, _ring_for_bulk_sends),
    Tick("plan requests", 15, lambda session, tools: plan_requests(session, now=tools.clock())),
    Tick("continue look backs", 5, lambda session, tools: continue_look_backs(session, now=tools.clock())),
    Tick("send due requests", 2, lambda session, tools: send_due_requests(session, tools=tools)),
    Tick("sweep mails", 15, lambda session, tools: sweep_mails(session, tools=tools)),
    Tick("sweep media", 30, _sweep_media),
    Tick("sweep drawings", 120, lambda session, tools: sweep_drawings(session, now=tools.clock())),
    Tick("ring for places", 300, lambda session, tools: ring_for_places(session, now=tools.clock())),
    Tick("ring for tidying", 6 * 3600, lambda session, _tools: ring_for_tidying(session)),
    Tick("ring for files", 15, lambda session, tools: ring_for_files(session, now=tools.clock())),
    Tick("give rewards", 15, lambda session, tools: give_rewards(session, tools=tools)),
    Tick("ask authors", 60, lambda session, tools: ask_authors(session, tools=tools)),
    Tick("notify merchants", 60, lambda session, tools: notify_merchants(session, tools=tools)),
    Tick("send canaries", 3600, lambda session, tools: send_canaries(session, now=tools.clock())),
    Tick("reconcile", 3600, lambda session, tools: reconcile(session, clock=tools.clock)),
)
