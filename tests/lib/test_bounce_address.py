from uuid import UUID, uuid4

import pytest

from reviews_app.lib.bounce_address import bounce_address, mail_of_bounce

MAIL = UUID("01890000-0000-7000-8000-000000000001")
SECRET = "a-secret-of-this-house"


def test_each_mail_has_an_address_of_its_own_that_leads_back_to_it() -> None:
    mails = [uuid4() for _ in range(20)]
    addresses = [bounce_address("bounces@example.com", mail, secret=SECRET) for mail in mails]
    assert [mail_of_bounce(address, secret=SECRET) for address in addresses] == mails
    assert all(address.startswith("bounces+") and address.endswith("@example.com") for address in addresses)
    assert max(len(address.partition("@")[0]) for address in addresses) <= 64


def test_servers_that_write_addresses_in_capitals_are_understood() -> None:
    address = bounce_address("bounces@example.com", MAIL, secret=SECRET)
    assert mail_of_bounce(f"<{address.upper()}>", secret=SECRET) == MAIL


def test_nobody_can_make_one_up() -> None:
    address = bounce_address("bounces@example.com", MAIL, secret=SECRET)
    forged = [
        bounce_address("bounces@example.com", MAIL, secret="another"),
        address.replace("0001-", "0002-"),
        address.replace("@", "0@"),
        f"bounces+{MAIL.hex}@example.com",
        f"bounces+{MAIL.hex}-{'0' * 16}@example.com",
        "bounces@example.com",
        "",
    ]
    assert [mail_of_bounce(one, secret=SECRET) for one in forged] == [None] * len(forged)


@pytest.mark.parametrize("base", ["", "no-address"])
def test_without_a_place_for_bounces_there_is_no_such_address(base: str) -> None:
    assert bounce_address(base, MAIL, secret=SECRET) == ""
