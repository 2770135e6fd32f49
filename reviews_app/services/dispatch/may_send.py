"""Whether a destination may be called now, and with which key."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from reviews_app.integrations.kustomer.api_url import ApiUrlRefused, check_api_url
from reviews_app.lib.sealed import SealBroken
from reviews_app.models.delivery import Delivery, DeliveryKind, Trigger
from reviews_app.models.destination import AttentionReason, Destination, Mode
from reviews_app.services.hold_destination import hold_all, needs_attention
from reviews_app.services.tools import Tools

log = structlog.get_logger()


def may_send(session: Session, destination: Destination, named: UUID, *, now: datetime) -> bool:
    """Active: yes. Throttled: when a probe is due. Holding: only its canary or a test; all else is held."""
    if destination.mode is Mode.ACTIVE:
        return True
    if destination.mode is Mode.THROTTLED:
        return all(at is None or now >= at for at in (destination.throttled_until, destination.probe_at))
    if destination.key_in_use is not None and _goes_alone(session.get_one(Delivery, named), destination):
        return True
    hold_all(session, destination)
    return False


def _goes_alone(row: Delivery, destination: Destination) -> bool:
    if row.kind is DeliveryKind.TEST:
        return True
    return row.trigger is Trigger.CANARY and destination.mode is Mode.NEEDS_ATTENTION


def key_for(session: Session, destination: Destination, *, tools: Tools, now: datetime) -> str | None:
    """The opened key when key and address can be used; else everything is held and None."""
    key = _opened(session, destination, tools=tools, now=now)
    if key is None or not _address_passes(session, destination, tools=tools, now=now):
        return None
    return key


def _opened(session: Session, destination: Destination, *, tools: Tools, now: datetime) -> str | None:
    try:
        if destination.key_in_use is not None:
            return tools.keyring.open(destination.key_in_use)
        detail = "No API key is saved."
    except SealBroken as broken:
        log.error("deliveries held: the API key cannot be opened", destination=str(destination.id), cause=str(broken))
        detail = "The saved API key can no longer be opened. Save it once more."
    needs_attention(session, destination, AttentionReason.KEY, detail=detail, now=now)
    return None


def _address_passes(session: Session, destination: Destination, *, tools: Tools, now: datetime) -> bool:
    try:
        check_api_url(destination.url_in_use, extra_origins=tools.settings.extra_origins)
    except ApiUrlRefused as refused:
        needs_attention(session, destination, AttentionReason.ADDRESS_REFUSED, detail=str(refused), now=now)
        return False
    return True
