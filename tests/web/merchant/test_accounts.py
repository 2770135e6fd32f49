import re
from dataclasses import replace
from email import message_from_string
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import select, update

from reviews_app.config import Limits, Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.models.account import Account
from reviews_app.models.outgoing_mail import OutgoingMail
from tests.factories.member import PASSWORD, make_member, signed_in
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.tools import fake_tools
from tests.fakes.visitor import Page, Visitor, errors

SIGN_IN, RESET = "/merchant/sign-in", "/merchant/reset"
EMAIL = "merchant@example.com"


@pytest.fixture
def house(app: Flask) -> Flask:
    with app.app_context(), transaction() as writing:
        make_member(writing, make_store(writing))
    return app


def reset_link(app: Flask) -> str:
    with app.app_context():
        mail = session().scalars(select(OutgoingMail)).one()
        assert mail.message is not None
        message = message_from_string(app.extensions["tools"].keyring.open(mail.message), policy=default)
    text = message.get_body(("plain",))
    assert text is not None
    found = re.search(r"^http://shop\.test(/merchant/reset/\S+)", text.get_content(), re.M)
    assert found is not None
    return found.group(1)


def test_the_right_password_opens_the_house(house: Flask) -> None:
    assert signed_in(house).get("/merchant/larkspur").status_code == 200


def test_the_address_may_be_typed_in_capitals(house: Flask) -> None:
    visitor = Visitor(house.test_client())
    assert visitor.send(SIGN_IN, email="Merchant@Example.com", password=PASSWORD).status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(house: Flask) -> None:
    visitor = Visitor(house.test_client())
    wrong = visitor.send(SIGN_IN, email=EMAIL, password="not-the-password")
    unknown = visitor.send(SIGN_IN, email="nobody@example.com", password="not-the-password")
    words = "Address and password do not fit together"
    assert words in wrong.text
    assert words in unknown.text
    assert wrong.status_code == unknown.status_code


def test_a_sign_in_without_the_forms_token_is_refused(house: Flask) -> None:
    client = house.test_client()
    client.post(SIGN_IN, data={"email": EMAIL, "password": PASSWORD})
    assert client.get("/merchant/larkspur").status_code == 302


def test_after_sign_in_one_is_where_one_wanted_to_be(house: Flask) -> None:
    client = house.test_client()
    led = client.get("/merchant/larkspur/deliveries?state=held")
    answer = Visitor(client).send(led.location, email=EMAIL, password=PASSWORD)
    assert answer.location.endswith("/merchant/larkspur/deliveries?state=held")


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example"])
def test_sign_in_never_leads_to_another_host(house: Flask, place: str) -> None:
    client = house.test_client()
    assert client.get(SIGN_IN, query_string={"next": place}).location == SIGN_IN
    typed = Page(client.get(SIGN_IN).text).values | {"email": EMAIL, "password": PASSWORD, "next": place}
    answer = client.post(SIGN_IN, query_string={"next": place}, data=typed)
    assert "evil" not in (answer.location or "") or answer.location.startswith(("/%5C", "%5C"))


def test_signing_out_needs_the_button(house: Flask) -> None:
    client = signed_in(house)
    assert client.get("/merchant/sign-out").status_code == 404
    assert client.post("/merchant/sign-out").status_code == 400
    assert client.get("/merchant/larkspur").status_code == 200
    token = Page(client.get("/merchant/larkspur/settings").text).values["csrf_token"]
    assert client.post("/merchant/sign-out", data={"csrf_token": token}).location == SIGN_IN
    assert client.get("/merchant/larkspur").status_code == 302


def test_a_mailed_link_sets_a_new_password_once_and_ends_other_sessions(house: Flask) -> None:
    elsewhere = signed_in(house)
    visitor = Visitor(house.test_client())
    assert visitor.send(RESET, email=EMAIL).status_code in {200, 302}
    link = reset_link(house)
    new = "another-long-password"
    assert visitor.send(link, password=new, password_confirm=new).location == SIGN_IN
    assert "The new password is saved. Sign in with it." in visitor.open(SIGN_IN).text
    assert elsewhere.get("/merchant/larkspur").status_code == 302
    fresh = Visitor(house.test_client())
    assert fresh.send(SIGN_IN, email=EMAIL, password=new).status_code == 302
    late = Visitor(house.test_client())
    assert late.open(link).location == RESET
    assert "This link was used" in late.open(RESET).text


def test_opening_the_reset_link_changes_nothing(house: Flask) -> None:
    Visitor(house.test_client()).send(RESET, email=EMAIL)
    link = reset_link(house)
    for _ in range(3):
        assert house.test_client().get(link).status_code == 200
    assert signed_in(house).get("/merchant/larkspur").status_code == 200


def test_a_reset_for_an_unknown_address_says_the_same_and_mails_nothing(house: Flask) -> None:
    visitor = Visitor(house.test_client())
    known = visitor.send(RESET, email=EMAIL)
    unknown = visitor.send(RESET, email="nobody@example.com")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    with house.app_context():
        assert session().scalars(select(OutgoingMail.recipient)).all() == [EMAIL]


def test_the_reset_link_names_our_own_host_whatever_the_request_says(house: Flask) -> None:
    client = house.test_client()
    page = client.get(RESET, headers={"Host": "evil.example"})
    client.post(RESET, data=Page(page.text).values | {"email": EMAIL}, headers={"Host": "evil.example"})
    assert reset_link(house).startswith(RESET)


def test_a_short_new_password_is_refused_in_words(house: Flask) -> None:
    visitor = Visitor(house.test_client())
    visitor.send(RESET, email=EMAIL)
    answer = visitor.send(reset_link(house), password="short", password_confirm="short")
    assert errors(answer) == ["The password needs at least 10 letters."]
    unlike = visitor.send(reset_link(house), password="one-long-password", password_confirm="another-password")
    assert errors(unlike) == ["The two are not the same. Type both once more."]
    assert signed_in(house).get("/merchant/larkspur").status_code == 200


def test_an_account_switched_off_is_out_at_once(house: Flask) -> None:
    client = signed_in(house)
    with house.app_context(), transaction() as writing:
        writing.execute(update(Account).values(active=False))
    assert client.get("/merchant/larkspur").status_code == 302


def test_passwords_are_kept_as_argon2id(house: Flask) -> None:
    with house.app_context():
        assert (session().scalars(select(Account.password)).one() or "").startswith("$argon2id$")


def test_nobody_registers_by_himself(house: Flask) -> None:
    routes = {rule.rule for rule in house.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert routes == {SIGN_IN, "/merchant/sign-out", RESET, f"{RESET}/<token>"}


def test_guessing_is_slowed_down_with_words(settings: Settings, clock: FakeClock) -> None:
    limited = settings.model_copy(update={"limits": Limits.DEFAULT})
    app = create_app(tools=replace(fake_tools(settings, clock), settings=limited))
    with app.app_context(), transaction() as writing:
        make_member(writing, make_store(writing))
    visitor = Visitor(app.test_client())
    answers = [visitor.send(SIGN_IN, email=EMAIL, password=f"guess-{n}").status_code for n in range(11)]
    assert answers == [200] * 10 + [429]
    assert Visitor(app.test_client()).send(SIGN_IN, email="other@example.com", password="x").status_code == 200
    dispose_database(app)


def test_over_https_cookies_are_for_this_host_and_secure(settings: Settings, clock: FakeClock) -> None:
    secure = settings.model_copy(update={"public_url": "https://shop.test"})
    app = create_app(tools=fake_tools(secure, clock))
    cookie = app.test_client().get(SIGN_IN, base_url="https://shop.test").headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    dispose_database(app)


def test_an_empty_sign_in_is_answered_in_the_same_words(house: Flask) -> None:
    assert "Address and password do not fit together" in Visitor(house.test_client()).send(SIGN_IN).text


def test_the_librarys_pages_are_for_people_and_in_no_cache(house: Flask) -> None:
    client = house.test_client()
    answer = client.post(f"{SIGN_IN}?include_auth_token", json={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 415
    assert client.get("/merchant/larkspur").status_code == 302
    assert client.get(RESET).headers["Cache-Control"] == "no-store"
