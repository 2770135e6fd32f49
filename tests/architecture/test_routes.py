from pathlib import Path

from flask import Flask

from reviews_app.models.membership import StoreRole
from reviews_app.web.guards import Guard
from tests.architecture.source import TOP

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
CHECKS = ("validate_on_submit", "require_action", "answer_form", "answer_staging", "signed_callback")
ADDRESSES = Path(__file__).parent / "addresses.txt"


def inventory(app: Flask) -> list[dict[str, str]]:
    """Every route with its methods, guard and role."""
    return [
        {
            "rule": rule.rule,
            "methods": ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            "guard": str(getattr(app.view_functions[rule.endpoint], "guard", "")),
            "role": str(getattr(app.view_functions[rule.endpoint], "guard_role", "")),
        }
        for rule in app.url_map.iter_rules()
    ]


def test_every_route_declares_its_guard(app: Flask) -> None:
    guards = {str(guard) for guard in Guard}
    assert [route["rule"] for route in inventory(app) if route["guard"] not in guards] == []


def test_every_page_of_a_store_names_a_role(app: Flask) -> None:
    roles = {str(role) for role in StoreRole}
    of_store = [route for route in inventory(app) if route["rule"].startswith("/merchant/<store>")]
    assert len(of_store) > 20
    assert [route["rule"] for route in of_store if route["role"] not in roles] == []


def test_no_address_appears_or_vanishes_unnoticed(app: Flask) -> None:
    """A new address is written into addresses.txt on purpose; one that vanishes breaks somebody's link."""
    listed = ((route["methods"], route["rule"], route["guard"], route["role"]) for route in inventory(app))
    shown = sorted(" ".join(part for part in parts if part) for parts in listed)
    assert shown == ADDRESSES.read_text().splitlines()


def test_views_that_answer_gets_open_no_transaction(app: Flask) -> None:
    """No state change on GET: a view that takes GET alone may not open a transaction."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if (rule.methods or set()) & CHANGING or getattr(view, "guard", "") in {Guard.LIBRARY, Guard.COUNTING_LINK}:
            continue
        code = getattr(view, "__wrapped__", view).__code__
        assert "transaction" not in code.co_names, rule.rule


def test_one_get_alone_may_write(app: Flask) -> None:
    counting = [route["rule"] for route in inventory(app) if route["guard"] == Guard.COUNTING_LINK]
    assert counting == ["/r/<token>/seen.gif"]


def test_every_post_route_refuses_a_form_without_its_token(app: Flask) -> None:
    """The modules that answer POST check a FlaskForm; one-click unsubscribe is the law's exception."""
    for path in (TOP / "reviews_app" / "web").rglob("*.py"):
        text = path.read_text()
        if ".post(" in text:
            assert any(check in text for check in CHECKS), path
