"""What a sender's domain should say in its DNS, and what it says: SPF, DKIM, DMARC."""

from collections.abc import Callable
from dataclasses import dataclass

import dns.exception
import dns.resolver

from reviews_app.models.mail_sender import RecordState

# A merchant waits for the page: name servers that are silent once are not asked about the next line.
SECONDS = 4.0
RESOLV_CONF = "/etc/resolv.conf"
TxtLookup = Callable[[str], list[str]]
"""Gives the TXT records of a name, none for a name without; raises LookupFailed when nobody answers."""


class LookupFailed(Exception):
    """The name servers did not answer in time."""


@dataclass(frozen=True, slots=True)
class WantedRecord:
    """One line to copy: where it goes and what it says."""

    kind: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """How one stands, in words, with what was found."""

    state: RecordState
    words: str
    found: str = ""


def txt_lookup(server: str = "", *, seconds: float = SECONDS, system: str = RESOLV_CONF) -> TxtLookup:
    """Asks the system's name servers, or the one given as `address` or `address:port`, for `seconds` at most.

    A machine without any, or whose servers were silent once, fails at once from then on.
    """
    silent: list[str] = []
    try:
        resolver = _resolver(server, system)
    except dns.resolver.NoResolverConfiguration as failure:
        resolver = dns.resolver.Resolver(configure=False)
        silent.append(type(failure).__name__)

    def look_up(name: str) -> list[str]:
        if silent:
            raise LookupFailed(silent[0])
        try:
            answer = resolver.resolve(name, "TXT", lifetime=seconds)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.Timeout as failure:
            silent.append(type(failure).__name__)
            raise LookupFailed(silent[0]) from None
        except (dns.exception.DNSException, ValueError) as failure:
            raise LookupFailed(type(failure).__name__) from None
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]

    return look_up


def _resolver(server: str, system: str) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(system, configure=not server)
    if server:
        host, _, port = server.rpartition(":") if server.count(":") == 1 else (server, "", "")
        resolver.nameservers = [host]
        resolver.port = int(port or 53)
    return resolver


def wanted_records(domain: str, *, spf: str, selector: str, public_key: str) -> list[WantedRecord]:
    """The lines for a domain; the DKIM line only where mails are signed here."""
    lines = [WantedRecord("SPF", domain, f"v=spf1 {spf} ~all")]
    if selector and public_key:
        lines.append(WantedRecord("DKIM", f"{selector}._domainkey.{domain}", public_key))
    lines.append(WantedRecord("DMARC", f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"))
    return lines


def check_record(wanted: WantedRecord, *, look_up: TxtLookup) -> FoundRecord:
    """How one line stands in the DNS."""
    try:
        return CHECKS[wanted.kind](wanted, look_up)
    except LookupFailed:
        return FoundRecord(RecordState.UNKNOWN, "The domain's name servers did not answer. Check again later.")


def _check_spf(wanted: WantedRecord, look_up: TxtLookup) -> FoundRecord:
    found = [text for text in look_up(wanted.name) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return FoundRecord(RecordState.MISSING, "There is no SPF record. Add this line.")
    if len(found) > 1:
        words = f"There are {len(found)} SPF records: then none counts. Join them into one."
        return FoundRecord(RecordState.WRONG, words, found[0])
    mechanism = wanted.value.split()[1]
    if mechanism.lower() not in {part.lstrip("+").lower() for part in found[0].split()}:
        return FoundRecord(RecordState.WRONG, f"The record does not name our server. Add {mechanism} to it.", found[0])
    return FoundRecord(RecordState.RIGHT, "Our server may send for this domain.", found[0])


def _check_dkim(wanted: WantedRecord, look_up: TxtLookup) -> FoundRecord:
    found = [text for text in look_up(wanted.name) if "p=" in text]
    if not found:
        return FoundRecord(RecordState.MISSING, "The key that signs our mails is not there. Add this line.")
    if _tag(found[0], "p") != _tag(wanted.value, "p"):
        return FoundRecord(RecordState.WRONG, "There is another key at this name. Replace it by this line.", found[0])
    return FoundRecord(RecordState.RIGHT, "Mails are signed, and the signature can be checked.", found[0])


def _check_dmarc(wanted: WantedRecord, look_up: TxtLookup) -> FoundRecord:
    """The domain's own record, or the nearest one above it."""
    labels = wanted.name.removeprefix("_dmarc.").split(".")
    for place in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[place:])
        found = [text for text in look_up(name) if text.upper().replace(" ", "").startswith("V=DMARC1")]
        if found:
            policy = _tag(found[0], "p") or "none"
            return FoundRecord(RecordState.RIGHT, f"The policy is {policy}.", found[0])
    return FoundRecord(RecordState.MISSING, "There is no DMARC record; large providers ask for one. Add this line.")


def _tag(record: str, name: str) -> str:
    tags = dict(part.strip().split("=", 1) for part in record.split(";") if "=" in part)
    return "".join(tags.get(name, "").split())


CHECKS = {"SPF": _check_spf, "DKIM": _check_dkim, "DMARC": _check_dmarc}
