"""Every page is written as the standard says: browsers forgive, screen readers do not."""

from io import BytesIO

import pytest

from reviews_app.models.membership import StoreRole
from tests.fakes.markup import Document, controls
from tests.fakes.markup_rules import broken_rules
from tests.fakes.visitor import Visitor
from tests.web.conftest import Street

LANGUAGES = ("en", "de", "fr", "es", "ja", "ar")
SHOP = (
    "/stores/<store>",
    "/stores/<store>/products/<handle>",
    "/stores/<store>/products/<handle>/reviews/new",
    "/stores/<store>/products/<handle>/reviews/thanks/<token>",
)


def pages(street: Street) -> list[str]:
    """Every address that a browser can open; a mail shown as it goes out keeps the rules of mails."""
    plain = ("/health", "/metrics", "/media", "/assets")
    return [rule for rule in street.rules("GET") if not rule.startswith(plain) and "/emails/preview/" not in rule]


@pytest.mark.parametrize("role", list(StoreRole))
def test_every_page_of_the_house_is_well_written_for_every_role(street: Street, role: StoreRole) -> None:
    client = street.member(role)
    for rule in pages(street):
        answer = client.get(street.mine.address(rule))
        if answer.mimetype == "text/html" and answer.status_code != 302:
            assert broken_rules(answer.text) == [], (rule, role)


def test_every_page_a_stranger_sees_is_well_written(street: Street) -> None:
    seen = 0
    for rule in pages(street):
        answer = street.stranger().get(street.mine.address(rule), follow_redirects=True)
        if answer.mimetype == "text/html":
            seen += 1
            assert broken_rules(answer.text) == [], rule
    assert seen > 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", SHOP)
def test_a_shops_pages_are_well_written_in_every_language(street: Street, rule: str, language: str) -> None:
    answer = street.stranger().get(street.mine.address(rule), query_string={"lang": language})
    assert (answer.status_code, broken_rules(answer.text)) == (200, [])
    assert Document(answer.text).all("html")[0].attrs["lang"] == language


@pytest.mark.parametrize("rule", ["/stores/<store>/products/<handle>/reviews/new", "/r/<token>/<uuid:product_id>"])
def test_a_refused_form_is_well_written_and_names_each_mistake(street: Street, rule: str) -> None:
    answer = Visitor(street.stranger()).send(street.mine.address(rule), rating="9", body="", title="a" * 201)
    assert (answer.status_code, broken_rules(answer.text)) == (422, [])
    page = Document(answer.text)
    for name in ("rating", "body", "title"):
        assert page.by_id(f"{name}-error") is not None, name
        assert [one for one in page.all("a") if one.attrs.get("href") == f"#{name}"], name


REFUSED = {
    "/merchant/<store>/settings": {"name": ""},
    "/merchant/<store>/products/new": {"title": "", "handle": "No Good", "variants-0-name": "Moss"},
    "/merchant/<store>/products/<handle>": {"title": ""},
    "/merchant/<store>/settings/attributes/new": {"title": "", "choices": "One"},
    "/merchant/<store>/settings/attributes/<uuid:attribute_id>": {"title": ""},
    "/merchant/<store>/settings/members": {"email": "nobody"},
    "/merchant/<store>/settings/integrations/kustomer": {"enabled": "y", "api_url": "http://evil.example"},
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_merchants_refused_form_is_well_written_and_says_error_first(street: Street, rule: str) -> None:
    answer = Visitor(street.member()).send(street.mine.address(rule), **REFUSED[rule])
    assert (answer.status_code, broken_rules(answer.text)) == (422, [])
    assert Document(answer.text).all("title")[0].text.startswith("Error:")


@pytest.mark.parametrize(
    ("rule", "name", "most"),
    [
        ("/merchant/<store>/settings/emails", "logo", 1024 * 1024),
        ("/merchant/<store>/products/<handle>/pictures", "picture", 1024),
    ],
)
def test_a_refused_file_is_tied_to_its_field(street: Street, rule: str, name: str, most: int) -> None:
    page = street.mine.address(rule.removesuffix("/pictures"))
    sent = {name: (BytesIO(b"no picture" + bytes(most)), "walk.png")}
    answer = Visitor(street.member()).send(page, at=street.mine.address(rule), **sent)
    assert (answer.status_code, broken_rules(answer.text)) == (422, [])
    field = next(one for one in controls(Document(answer.text)) if one.attrs.get("name") == name)
    assert field.attrs["aria-describedby"].split() == [f"{name}-hint", f"{name}-error"]
    assert field.attrs["aria-invalid"] == "true"


def test_a_fields_error_is_tied_to_its_field(street: Street) -> None:
    answer = Visitor(street.stranger()).send(street.mine.address(SHOP[2]), body="", email="nobody")
    page = Document(answer.text)
    for name in ("body", "email"):
        found = [one for one in controls(page) if one.attrs.get("name") == name]
        assert f"{name}-error" in found[0].attrs["aria-describedby"], name
        assert found[0].attrs["aria-invalid"] == "true"


def test_the_reader_itself_sees_what_is_wrong() -> None:
    bad = """<!doctype html><html><head><title></title></head><body><h1>A</h1><h3>B</h3><p><div>no</div></p>
        <input name="x"><img src="a.png"><a href="#none"></a><b id="i" id="i" style="x" onclick="y"></b><i id="i"></i>
        <input aria-label="y" name="y" aria-describedby="y-error">
        <ul><p>no</p></ul><a href="/"><button>no</button></a><script>run()</script><main></main><main></main>"""
    said = " ".join(broken_rules(bad))
    for words in (
        "no language",
        "no title",
        "main parts",
        "names no charset",
        "h3 follows h1",
        "<div> stands in <p>",
        "has no label",
        "has no alt",
        "is not called invalid",
        "leads to #none",
        "attribute twice",
        "stands 2 times",
        "style of its own",
        "runs onclick",
        "<ul> holds <p>",
        "stands in a link",
        "a script stands",
        "never closed",
    ):
        assert words in said, words
