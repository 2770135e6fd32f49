"""The DNS lines a store's sender needs, and the wish to have them looked up."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from reviews_app.config import Settings
from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.lib.clock import Clock
from reviews_app.lib.email_address import ascii_email
from reviews_app.mail.dkim_signature import public_record
from reviews_app.mail.dns_records import WantedRecord, wanted_records
from reviews_app.models.mail_sender import MailSender


def records_of(sender: MailSender, *, settings: Settings) -> list[WantedRecord]:
    """The lines for the domain mails come from, as name servers know it: the store's own, or the installation's."""
    address = sender.address or settings.sender
    domain = (ascii_email(address) or address).rpartition("@")[2]
    key = public_record(settings.dkim_key_file) if settings.dkim_key_file else ""
    host = urlsplit(settings.smtp_url).hostname or "mail.example.com"
    spf = settings.mail_spf or sends_from(host)
    return wanted_records(domain, spf=spf, selector=settings.dkim_selector, public_key=key)


def sends_from(host: str) -> str:
    """The SPF mechanism of a host; one given by its address is named by it."""
    try:
        address = ip_address(host)
    except ValueError:
        return f"a:{host}"
    return f"ip{address.version}:{address}"


def ask_for_check(session: Session, sender: MailSender, *, clock: Clock) -> None:
    """Note the wish and ring; a worker asks the name servers."""
    sender.check_asked_at = clock()
    session.flush()
    ring_after_commit(session, JobName.CHECK_SENDER, sender.id)
