"""The store's app for Kustomer: the object "Product review", its card on the timeline, the hook and its sample."""

from pathlib import Path
from typing import Any

import orjson

from reviews_app.integrations.kustomer.app_names import AppNames, app_names
from reviews_app.integrations.kustomer.example import Parts, example_webhook_data
from reviews_app.integrations.kustomer.review_object import LABELS, WARNING
from reviews_app.lib.addresses import Addresses

# Counted up when the object, the card or the hook changes: Kustomer takes a definition only under a new version.
VERSION = "1.0.0"
ICON, COLOUR = "star", "#1F5F4A"
CARD = Path(__file__).with_name("review_card.jsx")


def app_file(parts: Parts, *, addresses: Addresses) -> bytes:
    """The app definition as JSON, with an event of this very store as the trigger's sample."""
    names = app_names(parts.store.slug)
    sample = orjson.loads(example_webhook_data(parts, addresses=addresses))
    definition = {
        "app": names.app,
        "version": VERSION,
        "title": f"Product reviews of {parts.store.name}",
        "visibility": "private",
        "description": "Shows what customers write about products on their timeline.",
        "klasses": [_klass(names)],
        "kviews": [_card(names)],
        "hooks": [_hook(names)],
        "triggers": [_trigger(names, sample)],
    }
    return orjson.dumps(definition, option=orjson.OPT_INDENT_2)


def _klass(names: AppNames) -> dict[str, Any]:
    properties = {name: {"displayName": label} for name, label in LABELS.items()}
    return {"name": names.klass, "icon": ICON, "color": COLOUR, "metadata": {"properties": properties}}


def _card(names: AppNames) -> dict[str, Any]:
    return {
        "name": names.card,
        "resource": f"kobject.{names.klass}",
        "context": "expanded-timeline",
        "meta": {"displayName": "Product review", "icon": ICON, "state": "open"},
        "template": CARD.read_text().replace("WARNING_WORDS", WARNING),
    }


def _hook(names: AppNames) -> dict[str, Any]:
    return {
        "eventName": names.event,
        "displayEventName": "Product review left",
        "type": "web",
        "description": "Takes each review as it is left.",
    }


def _trigger(names: AppNames, sample: object) -> dict[str, Any]:
    return {
        "eventName": names.event,
        "description": "A shopper has left a product review.",
        "sampleOutputContext": sample,
    }
