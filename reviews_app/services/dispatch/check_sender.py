"""Looks a sender's domain up in the DNS: the wish is a row, the call is made here, its outcome is a row."""

from uuid import UUID

from reviews_app.db.database import transaction
from reviews_app.mail.dns_records import TxtLookup, WantedRecord, check_record
from reviews_app.models.mail_sender import MailSender
from reviews_app.services.sender_records import records_of
from reviews_app.services.tools import Tools


def check_sender(sender_id: UUID, *, tools: Tools, look_up: TxtLookup) -> bool:
    """Look every line up; gives whether the sender is still the one that was asked about. May run twice."""
    with transaction() as session:
        sender = session.get(MailSender, sender_id)
        if sender is None or not sender.is_being_checked:
            return False
        address, wanted = sender.address, records_of(sender, settings=tools.settings)
    found = [_looked_up(one, look_up) for one in wanted]
    with transaction() as session:
        sender = session.get(MailSender, sender_id)
        if sender is None or sender.address != address:
            return False
        sender.records, sender.checked_at = dict(found), tools.clock()
    return True


def _looked_up(wanted: WantedRecord, look_up: TxtLookup) -> tuple[str, dict[str, str]]:
    found = check_record(wanted, look_up=look_up)
    return wanted.kind, {"state": str(found.state), "words": found.words, "found": found.found[:500]}
