"""`/metrics` for Prometheus: absent unless METRICS is on, and without any store's or person's name."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from reviews_app.db.answers import queue_depths
from reviews_app.db.database import session
from reviews_app.queries.delivery_totals import delivery_totals
from reviews_app.web.guards import public
from reviews_app.web.tools import tools

metrics = Blueprint("metrics", __name__)


@metrics.get("/metrics")
@public
def show() -> ResponseReturnValue:
    """Counted from the rows at this moment, so every process tells the same."""
    if not tools().settings.metrics:
        abort(404)
    totals = delivery_totals(session(), now=tools().clock())
    registry = CollectorRegistry()
    _by_label(registry, "reviews_deliveries", "Deliveries to Kustomer by state", "state", totals.deliveries)
    _by_label(registry, "reviews_destinations", "Kustomer integrations by mode", "mode", totals.destinations)
    _by_label(registry, "reviews_mails", "Mails by state", "state", totals.mails)
    _by_label(registry, "reviews_held", "Held deliveries by reason", "reason", totals.held_by_reason)
    if totals.sweep_age is not None:
        age = Gauge("reviews_sweep_age_seconds", "Since the last sweep; above 60 is trouble", registry=registry)
        age.set(totals.sweep_age)
    depths = queue_depths(tools().settings.redis_url)
    _by_label(registry, "reviews_queue_depth", "Jobs waiting in the queue", "queue", depths)
    oldest = Gauge("reviews_oldest_waiting_seconds", "Age of the oldest delivery under way", registry=registry)
    oldest.set(totals.oldest_waiting)
    lost = Gauge("reviews_lost", "Reviews due to Kustomer without a delivery; must be 0", registry=registry)
    lost.set(totals.lost)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _by_label(registry: CollectorRegistry, name: str, words: str, label: str, counts: dict[str, int]) -> None:
    gauge = Gauge(name, words, [label], registry=registry)
    for value, count in counts.items():
        gauge.labels(value).set(count)
