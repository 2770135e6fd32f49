"""Things change only by a button on our own page: never by a look, never by a foreign page's form."""

import pytest

from reviews_app.models.membership import StoreRole
from tests.fakes.needed_role import needed_role
from tests.fakes.rows import changed, rows_of
from tests.fakes.visitor import Page
from tests.web.conftest import Street

# The law's exception: a mail program's one click carries no cookie and no token (RFC 8058).
TYPED = {
    "rating": "4",
    "body": 'Typed with <care> & "quotes"',
    "title": "A title, typed",
    "name": "Ann Lee",
    "email": "ann@example.com",
    "display_name": "Annie",
    "handle": "typed-handle",
    "shop_id": "typed-id",
    "description": "Typed at length.\r\nOn two lines.",
    "price": "12.50",
    "kind": "short_text",
    "about": "product",
    "low": "Typed low",
    "high": "Typed high",
    "middle": "Typed middle",
    "choices": "One\r\nTwo",
    "role": "moderator",
    "reply_address": "typed@example.com",
    "postal_address": "Typed Lane 4",
    "reason": "offensive",
    "api_url": "http://127.0.0.1:8001/v1/hooks/web/5e6daf9d2b1c4a0012ab34ce",
    "limit": "7",
    "country": "AU",
    "recommended": "yes",
    "variants-0-name": "Typed variant",
    "variants-0-shop_id": "typed-variant",
    "variants-0-sku": "TYP",
}
OF_ANOTHER_FORM = {
    "/merchant/<store>/settings/rewards": {"description"},
    "/merchant/<store>/settings/rewards/coupons/<uuid:coupon_id>/codes": {"description"},
    "/merchant/<store>/settings/rewards/coupons/<uuid:coupon_id>/make": {"description"},
    "/merchant/<store>/settings/integrations/kustomer/conversations": {"api_url", "limit"},
    "/merchant/<store>/products/<handle>/pictures": {
        "title",
        "handle",
        "shop_id",
        "description",
        "price",
        "variants-0-name",
        "variants-0-shop_id",
        "variants-0-sku",
    },
}
SECRET = {"csrf_token", "form_id", "password", "password_confirm", "api_key"}


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "0" * 200])
def test_no_form_without_our_token_changes_a_row(street: Street, token: str | None) -> None:
    owner, stranger = street.member(), street.stranger()
    street.token(stranger)
    before = rows_of(street.app)
    sent = TYPED if token is None else TYPED | {"csrf_token": token}
    for rule in street.rules("POST"):
        for client in (owner, stranger):
            answer = client.post(street.mine.address(rule), data=sent)
            assert answer.status_code in {200, 302, 303, 400, 401, 404, 422}, (rule, answer.status_code)
    assert changed(before, rows_of(street.app)) == []


def test_a_token_of_somebody_elses_session_is_no_token(street: Street) -> None:
    other = street.token(street.stranger())
    owner = street.member()
    before = rows_of(street.app)
    for rule in street.rules("POST"):
        if rule.startswith("/merchant/<store>"):
            answer = owner.post(street.mine.address(rule), data=TYPED | {"csrf_token": other})
            assert answer.status_code >= 300, rule
    assert changed(before, rows_of(street.app)) == []


def test_every_form_that_is_shown_again_keeps_everything_that_was_typed(street: Street) -> None:
    owner = street.member()
    shown_again = 0
    for rule in street.rules("POST"):
        client = street.stranger() if rule.startswith(("/merchant/join", "/stores", "/r/")) else owner
        answer = client.post(street.mine.address(rule), data=TYPED | {"csrf_token": "stale"})
        if answer.status_code != 422 or answer.mimetype != "text/html":
            continue
        held = Page(answer.text).values
        kept = {name: value for name, value in TYPED.items() if name in held and name not in SECRET}
        shown_again += bool(kept)
        for name, value in kept.items():
            if name in OF_ANOTHER_FORM.get(rule, {"limit"}) or (name == "email" and rule.startswith("/r/")):
                continue  # of another form on the page; known by the link
            assert [one.replace("\n", "\r\n").replace("\r\r", "\r") for one in held[name][-1:]] == [value], (rule, name)
    assert shown_again >= 8


@pytest.mark.parametrize("rule", ["/stores/<store>/products/<handle>/reviews/new", "/r/<token>/<uuid:product_id>"])
def test_a_stale_review_form_works_at_the_second_press(street: Street, rule: str) -> None:
    client = street.stranger()
    address = street.mine.address(rule)
    opened = Page(client.get(address).text).values
    refused = client.post(address, data=opened | TYPED | {"csrf_token": "from yesterday"})
    assert refused.status_code == 422
    assert "Nothing is lost" in refused.text
    assert client.post(address, data=Page(refused.text).values).status_code == 303


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/octet-stream", "multipart/x"])
def test_a_body_that_is_no_form_changes_nothing(street: Street, content_type: str) -> None:
    owner = street.member()
    token = street.token(owner)
    before = rows_of(street.app)
    body = f'{{"csrf_token": "{token}", "role": "owner", "reason": "spam"}}'
    for rule in street.rules("POST"):
        answer = owner.post(street.mine.address(rule), data=body, content_type=content_type)
        assert answer.status_code in {200, 302, 303, 400, 401, 404, 415, 422}, (rule, answer.status_code)
    assert changed(before, rows_of(street.app)) == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing_anywhere(street: Street, method: str) -> None:
    owner, stranger = street.member(), street.stranger()
    before = rows_of(street.app)
    for _ in range(2):
        for rule in street.rules("GET"):
            for client in (owner, stranger):
                answer = client.open(street.mine.address(rule), method=method, query_string={"rating": "5"})
                assert answer.status_code < 500 or rule == "/health/ready", rule
    assert changed(before, rows_of(street.app)) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_methods_nobody_offers_are_refused_in_words(street: Street, method: str) -> None:
    owner = street.member()
    before = rows_of(street.app)
    for rule in street.rules("GET"):
        answer = owner.open(street.mine.address(rule), method=method)
        assert answer.status_code == 405, rule
        assert "This address cannot be used that way" in answer.text
    assert changed(before, rows_of(street.app)) == []


@pytest.mark.parametrize("role", list(StoreRole))
def test_a_lower_role_changes_nothing_even_with_its_own_token(street: Street, role: StoreRole) -> None:
    client = street.member(role)
    token = street.token(client)
    before = rows_of(street.app)
    refused = 0
    for rule in street.app.url_map.iter_rules():
        needed = needed_role(street.app.view_functions[rule.endpoint])
        if needed and "POST" in (rule.methods or ()) and not role.may_act_as(needed):
            refused += 1
            answer = client.post(street.mine.address(rule.rule), data=TYPED | {"csrf_token": token})
            assert (answer.status_code, "This is not open to you" in answer.text) == (403, True), rule.rule
    assert refused > 0 or role is StoreRole.OWNER
    assert changed(before, rows_of(street.app)) == []
