import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import dns.message
import dns.rcode
import dns.rrset
import pytest

from reviews_app.mail.dns_records import (
    LookupFailed,
    TxtLookup,
    WantedRecord,
    check_record,
    txt_lookup,
    wanted_records,
)
from reviews_app.models.mail_sender import RecordState
from reviews_app.services.sender_records import sends_from

KEY = "v=DKIM1; k=rsa; p=MIIBabc"


def wanted(kind: str, domain: str = "shop.example") -> WantedRecord:
    lines = wanted_records(domain, spf="include:spf.example.net", selector="reviews", public_key=KEY)
    return next(line for line in lines if line.kind == kind)


def zone(records: dict[str, list[str]]) -> TxtLookup:
    return lambda name: records.get(name, [])


def test_the_lines_name_the_domain_the_server_and_the_key() -> None:
    lines = wanted_records("shop.example", spf="a:mail.host.example", selector="reviews", public_key=KEY)
    assert [(line.kind, line.name) for line in lines] == [
        ("SPF", "shop.example"),
        ("DKIM", "reviews._domainkey.shop.example"),
        ("DMARC", "_dmarc.shop.example"),
    ]
    assert lines[0].value == "v=spf1 a:mail.host.example ~all"
    assert lines[1].value == KEY


def test_no_key_line_where_mails_are_not_signed_here() -> None:
    lines = wanted_records("shop.example", spf="a:mail", selector="", public_key="")
    assert [line.kind for line in lines] == ["SPF", "DMARC"]


@pytest.mark.parametrize(
    ("kind", "found", "state"),
    [
        ("SPF", [], RecordState.MISSING),
        ("SPF", ["google-site-verification=x"], RecordState.MISSING),
        ("SPF", ["v=spf1 include:spf.example.net ~all"], RecordState.RIGHT),
        ("SPF", ["V=SPF1 mx Include:SPF.example.net -all"], RecordState.RIGHT),
        ("SPF", ["v=spf1 mx -all"], RecordState.WRONG),
        ("SPF", ["v=spf1 include:spf.example.net.evil.test -all"], RecordState.WRONG),
        ("SPF", ["v=spf1 include:spf.example.net ~all", "v=spf1 mx ~all"], RecordState.WRONG),
        ("DKIM", [], RecordState.MISSING),
        ("DKIM", [KEY], RecordState.RIGHT),
        ("DKIM", ["k=rsa; p=MIIB abc;"], RecordState.RIGHT),
        ("DKIM", ["v=DKIM1; k=rsa; p=other"], RecordState.WRONG),
        ("DMARC", [], RecordState.MISSING),
        ("DMARC", ["v=DMARC1; p=reject"], RecordState.RIGHT),
        ("DMARC", ["v=spf1 -all"], RecordState.MISSING),
    ],
)
def test_each_record_stands_as_it_does(kind: str, found: list[str], state: RecordState) -> None:
    one = wanted(kind)
    checked = check_record(one, look_up=zone({one.name: found}))
    assert checked.state is state
    assert checked.words.endswith(".")


def test_a_subdomain_is_covered_by_the_policy_above_it() -> None:
    above = zone({"_dmarc.shop.example": ["v=DMARC1; p=quarantine"]})
    checked = check_record(wanted("DMARC", "mail.shop.example"), look_up=above)
    assert (checked.state, checked.words) == (RecordState.RIGHT, "The policy is quarantine.")


def test_name_servers_that_do_not_answer_are_no_verdict() -> None:
    def away(_name: str) -> list[str]:
        raise LookupFailed

    assert check_record(wanted("SPF"), look_up=away).state is RecordState.UNKNOWN


@contextmanager
def name_server(records: dict[str, list[str]]) -> Iterator[str]:
    """A real one on a free port of this machine; `SERVFAIL` for a name that begins with broken."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                raw, caller = listening.recvfrom(4096)
                if raw == b"stop":
                    return
                query = dns.message.from_wire(raw)
                answer = dns.message.make_response(query)
                name = query.question[0].name
                texts = records.get(name.to_text(omit_final_dot=True))
                if name.to_text().startswith("broken"):
                    answer.set_rcode(dns.rcode.SERVFAIL)
                elif texts is None:
                    answer.set_rcode(dns.rcode.NXDOMAIN)
                else:
                    parts = [" ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200)) for text in texts]
                    answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *parts))
                listening.sendto(answer.to_wire(), caller)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        address = listening.getsockname()
        yield f"{address[0]}:{address[1]}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.sendto(b"stop", address)
        thread.join()


def test_a_real_name_server_is_asked() -> None:
    long = "v=DKIM1; k=rsa; p=" + "A" * 390
    with name_server({"shop.example": ["v=spf1 mx ~all", "other"], "reviews._domainkey.shop.example": [long]}) as at:
        look_up = txt_lookup(at)
        assert sorted(look_up("shop.example")) == ["other", "v=spf1 mx ~all"]
        assert look_up("reviews._domainkey.shop.example") == [long]
        assert look_up("nothing.example") == []
        for name in ("broken.example", "a..b", "x" * 300):
            with pytest.raises(LookupFailed):
                look_up(name)


def test_silent_name_servers_are_waited_for_once_and_no_longer_than_somebody_looks_at_a_page() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        look_up = txt_lookup(":".join(map(str, silent.getsockname())), seconds=0.2)
        began = monotonic()
        lines = wanted_records("mail.shop.example", spf="a:mail", selector="reviews", public_key=KEY)
        found = [check_record(line, look_up=look_up) for line in lines]
    assert {(one.state, one.words) for one in found} == {
        (RecordState.UNKNOWN, "The domain's name servers did not answer. Check again later.")
    }
    assert monotonic() - began < 1


def test_a_machine_without_name_servers_says_so_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("search home.example\n")
    for system in ("empty", "not there"):
        look_up = txt_lookup(system=str(tmp_path / system))
        assert check_record(wanted("SPF"), look_up=look_up).state is RecordState.UNKNOWN


@pytest.mark.parametrize(
    ("host", "mechanism"),
    [("mail.example.com", "a:mail.example.com"), ("192.0.2.7", "ip4:192.0.2.7"), ("2001:db8::7", "ip6:2001:db8::7")],
)
def test_a_server_given_by_its_address_is_named_by_it(host: str, mechanism: str) -> None:
    assert sends_from(host) == mechanism
