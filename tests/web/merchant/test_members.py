import re
from email import message_from_string
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.models.account import Account
from reviews_app.models.invitation import Invitation
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.outgoing_mail import OutgoingMail
from reviews_app.services.create_store import sign_up_link_token
from tests.factories.member import PASSWORD, make_member, signed_in
from tests.fakes.visitor import Visitor, errors
from tests.web.merchant.conftest import House

NEW = "robin@example.com"


def page_of(house: House) -> str:
    return f"{house.at}/settings/members"


def invite(house: House, email: str = NEW, role: str = "moderator") -> str:
    """Invite somebody; gives the path in the newest mail."""
    assert house.owner.send(page_of(house), email=email, role=role).status_code == 303
    with house.rows() as rows:
        mail = rows.scalars(
            select(OutgoingMail).order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
        ).first()
        assert mail is not None
        assert mail.message is not None
        assert mail.recipient == email
        text = message_from_string(house.keyring_opens(mail.message), policy=default).get_body(("plain",))
    assert text is not None
    found = re.search(r"http://shop\.test(/merchant/join/\S+)", text.get_content())
    assert found is not None
    return found.group(1)


def roles(house: House) -> dict[str, StoreRole]:
    with house.rows() as rows:
        return {one.account.email: one.role for one in rows.scalars(select(Membership))}


def membership(house: House, email: str) -> str:
    with house.rows() as rows:
        found = rows.scalars(select(Membership).join(Account).where(Account.email == email)).one()
        return f"{page_of(house)}/{found.id}"


def anybody(house: House) -> Visitor:
    return Visitor(house.app.test_client())


def test_somebody_invited_by_mail_makes_an_account_and_is_in(house: House) -> None:
    visitor = anybody(house)
    answer = visitor.send(invite(house), name="Robin", password=PASSWORD)
    assert answer.location == house.at
    assert visitor.open(house.at).status_code == 200
    assert roles(house)[NEW] is StoreRole.MODERATOR
    assert signed_in(house.app, NEW).get(house.at).status_code == 200


def test_opening_an_invitation_changes_nothing(house: House) -> None:
    link = invite(house)
    for _ in range(3):
        assert anybody(house).open(link).status_code == 200
    assert NEW not in roles(house)
    with house.rows() as rows:
        assert rows.scalars(select(Invitation.accepted_at)).all() == [None]


def test_an_invitation_works_once(house: House) -> None:
    link = invite(house)
    anybody(house).send(link, name="Robin", password=PASSWORD)
    assert anybody(house).open(link).status_code == 410
    page = invite(house, "third@example.com")
    late = anybody(house)
    late.open(page)
    anybody(house).send(page, name="Third", password=PASSWORD)
    assert late.open(page).status_code == 410


def test_an_invitation_ends_after_a_week(house: House) -> None:
    link = invite(house)
    house.clock.advance(days=7, seconds=1)
    assert anybody(house).open(link).status_code == 410


def test_a_mistyped_invitation_is_a_kind_404(house: House) -> None:
    assert anybody(house).open("/merchant/join/nonsense").status_code == 404


def test_who_has_an_account_signs_in_first_and_joins_with_one_button(house: House, neighbour: House) -> None:
    link = invite(house, "neighbour@example.com", "viewer")
    refused = anybody(house).send(link, name="Nat", password=PASSWORD)
    assert refused.status_code == 422
    assert "An account with this address exists." in refused.text
    assert neighbour.owner.send(link).location == house.at
    assert neighbour.owner.open(house.at).status_code == 200
    assert roles(house)["neighbour@example.com"] in {StoreRole.VIEWER, StoreRole.OWNER}


def test_an_invitation_never_lowers_a_role(house: House) -> None:
    link = invite(house, "merchant@example.com", "viewer")
    house.owner.send(link)
    assert roles(house)["merchant@example.com"] is StoreRole.OWNER


def test_a_short_password_or_no_name_is_refused_in_words(house: House) -> None:
    answer = anybody(house).send(invite(house), name=" ", password="short")
    assert answer.status_code == 422
    assert errors(answer) == ["Tell your colleagues who you are.", "The password needs at least 10 letters."]
    assert NEW not in roles(house)


def test_the_first_owner_gives_an_address(house: House) -> None:
    with house.writing() as (writing, store):
        link = f"/merchant/join/{sign_up_link_token(writing, store, clock=house.clock)}"
    refused = anybody(house).send(link, name="First", password=PASSWORD)
    assert errors(refused) == ["Your address is what you sign in with."]
    anybody(house).send(link, name="First", password=PASSWORD, email="First@Example.com")
    assert roles(house)["first@example.com"] is StoreRole.OWNER


def test_without_the_token_nobody_joins(house: House) -> None:
    link = invite(house)
    assert anybody(house).client.post(link, data={"name": "R", "password": PASSWORD}).status_code == 422
    assert house.owner.client.post(link).status_code == 400
    assert NEW not in roles(house)


def test_only_the_hash_of_an_invitation_is_kept(house: House) -> None:
    token = invite(house).rpartition("/")[2]
    with house.rows() as rows:
        assert token.encode() not in rows.scalars(select(Invitation.token_hash)).one()


@pytest.mark.parametrize(("email", "role"), [("", "viewer"), ("nobody", "viewer"), (NEW, "king"), (NEW, "")])
def test_an_invitation_needs_an_address_and_a_role(house: House, email: str, role: str) -> None:
    answer = house.owner.send(page_of(house), email=email, role=role)
    assert answer.status_code == 422
    assert errors(answer)
    with house.rows() as rows:
        assert rows.scalars(select(Invitation)).all() == []


def test_an_open_invitation_is_listed_and_can_be_withdrawn(house: House) -> None:
    link = invite(house)
    assert NEW in house.owner.open(page_of(house)).text
    with house.rows() as rows:
        invitation = rows.scalars(select(Invitation.id)).one()
    house.owner.send(page_of(house), at=f"{page_of(house)}/invitations/{invitation}/withdraw")
    assert anybody(house).open(link).status_code == 404


def test_a_member_is_removed_at_once(house: House) -> None:
    visitor = house.visitor(StoreRole.MANAGER)
    house.owner.send(page_of(house), at=f"{membership(house, 'manager@example.com')}/remove")
    assert visitor.open(house.at).status_code == 404
    assert "manager@example.com" not in roles(house)


def test_a_role_is_changed(house: House) -> None:
    house.visitor(StoreRole.VIEWER)
    url = f"{membership(house, 'viewer@example.com')}/role"
    assert house.owner.send(page_of(house), at=url, role="manager").status_code == 303
    assert roles(house)["viewer@example.com"] is StoreRole.MANAGER
    assert house.owner.send(page_of(house), at=url, role="king").status_code == 400


def test_the_last_owner_can_neither_leave_nor_step_down(house: House) -> None:
    me = membership(house, "merchant@example.com")
    house.owner.send(page_of(house), at=f"{me}/remove")
    house.owner.send(page_of(house), at=f"{me}/role", role="viewer")
    assert roles(house) == {"merchant@example.com": StoreRole.OWNER}
    assert "A store needs an owner." in house.owner.open(page_of(house)).text


def test_an_owner_may_leave_when_there_is_another(house: House) -> None:
    with house.writing() as (writing, store):
        make_member(writing, store, "second@example.com", StoreRole.OWNER)
    answer = house.owner.send(page_of(house), at=f"{membership(house, 'merchant@example.com')}/remove")
    assert answer.location == "/merchant"
    assert roles(house) == {"second@example.com": StoreRole.OWNER}


def test_an_owner_who_steps_down_sees_a_page_that_is_still_theirs(house: House) -> None:
    with house.writing() as (writing, store):
        make_member(writing, store, "second@example.com", StoreRole.OWNER)
    url = f"{membership(house, 'merchant@example.com')}/role"
    answer = house.owner.send(page_of(house), at=url, role="viewer")
    assert house.owner.open(answer.location).status_code == 200


def test_without_the_token_nobody_is_removed_or_raised(app: Flask, house: House) -> None:
    house.visitor(StoreRole.VIEWER)
    them = membership(house, "viewer@example.com")
    assert house.owner.client.post(f"{them}/remove").status_code == 400
    assert house.owner.client.post(f"{them}/role", data={"role": "owner"}).status_code == 400
    assert roles(house)["viewer@example.com"] is StoreRole.VIEWER
