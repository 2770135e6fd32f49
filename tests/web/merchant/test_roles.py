import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select

from reviews_app.models.account import Account
from reviews_app.models.membership import Membership, StoreRole
from tests.factories.furnished import CHOICE
from tests.factories.member import make_member, signed_in
from tests.fakes.needed_role import needed_role
from tests.web.merchant.conftest import House

ROLES = list(StoreRole)


def routes(app: Flask) -> list[tuple[str, str, StoreRole]]:
    """Method, address with unknown ids, and the role it asks for, of every page of a store."""
    found = []
    for rule in app.url_map.iter_rules():
        role = needed_role(app.view_functions[rule.endpoint])
        if role:
            url = re.sub(r"<uuid:\w+>", str(uuid4()), rule.rule).replace("<handle>", "no-such-product")
            url = CHOICE.sub(r"\1", url)
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            found.append((method, url.replace("<store>", "larkspur"), role))
    assert len(found) > 30
    return found


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_pages_and_those_below_and_no_other(house: House, role: StoreRole) -> None:
    visitor = house.visitor(role)
    for method, url, needed in routes(house.app):
        status = visitor.client.open(url, method=method).status_code
        assert (status == 403) == (not role.may_act_as(needed)), (method, url, status)


def test_a_member_of_another_store_finds_nothing_at_any_address(house: House, neighbour: House) -> None:
    for method, url, _role in routes(house.app):
        assert neighbour.owner.client.open(url, method=method).status_code == 404, url


def test_a_stranger_is_led_to_sign_in_from_any_address(house: House) -> None:
    for method, url, _role in routes(house.app):
        answer = house.app.test_client().open(url, method=method)
        assert answer.status_code == 302, url
        assert answer.location.startswith("/merchant/sign-in"), url


def test_who_is_removed_is_out_at_the_next_click(house: House) -> None:
    visitor = house.visitor(StoreRole.MANAGER)
    assert visitor.open(house.at).status_code == 200
    with house.writing() as (writing, _store):
        theirs = select(Account.id).where(Account.email == "manager@example.com")
        writing.execute(delete(Membership).where(Membership.account_id.in_(theirs)))
    assert visitor.open(house.at).status_code == 404


def test_a_lower_role_counts_at_the_next_click(house: House) -> None:
    visitor = house.visitor(StoreRole.MANAGER)
    with house.writing() as (writing, _store):
        theirs = select(Account.id).where(Account.email == "manager@example.com")
        writing.scalars(select(Membership).where(Membership.account_id.in_(theirs))).one().role = StoreRole.VIEWER
    assert visitor.open(f"{house.at}/settings/integrations/kustomer").status_code == 403


def test_an_owner_elsewhere_is_only_what_the_store_made_them(house: House, neighbour: House) -> None:
    with house.writing() as (writing, store):
        make_member(writing, store, "neighbour@example.com", StoreRole.VIEWER)
    assert neighbour.owner.open(house.at).status_code == 200
    assert neighbour.owner.open(f"{house.at}/settings/members").status_code == 403


def test_a_viewer_sees_the_ways_a_viewer_may_go_and_can_sign_out(house: House) -> None:
    page = house.visitor(StoreRole.VIEWER).open(f"{house.at}/settings").text
    assert "Sign out" in page
    assert "Integrations" not in page
    assert "Store name" not in page


def test_signing_in_again_keeps_the_same_person(house: House) -> None:
    assert signed_in(house.app).get(house.at).status_code == 200
