import gzip
import re
from typing import Any

import pytest
from flask import Flask

from reviews_app.web.assets import SURFACES
from tests.architecture.source import TOP

STATIC = TOP / "static"
STYLES = sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*.css") if path.name != "tokens.css")
SCRIPTS = sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*.js"))
PHYSICAL = re.compile(
    r"(?<!area-)(?:margin|padding|border|inset)-(?:left|right|top|bottom)|(?<![-\w])(?:left|right|top|bottom):"
)


def address(app: Flask, surface: str) -> str:
    asset_url: Any = app.jinja_env.globals["asset_url"]
    found: str = asset_url(surface)
    return found


@pytest.mark.parametrize("surface", SURFACES)
def test_a_surface_holds_its_files_under_a_name_that_may_be_kept_for_ever(app: Flask, surface: str) -> None:
    answer = app.test_client().get(address(app, surface))
    assert answer.status_code == 200
    assert re.fullmatch(r"/assets/\w+\.[0-9a-f]{8}\.(css|js)", address(app, surface))
    assert answer.mimetype == ("text/css" if surface.endswith(".css") else "text/javascript")
    assert answer.cache_control.immutable
    assert (answer.cache_control.max_age or 0) >= 31_536_000
    for name in SURFACES[surface]:
        assert (STATIC / name).read_bytes() in answer.data


def test_who_takes_gzip_gets_the_same_bytes_packed(app: Flask) -> None:
    plain = app.test_client().get(address(app, "storefront.css"))
    packed = app.test_client().get(address(app, "storefront.css"), headers={"Accept-Encoding": "br, gzip"})
    refused = app.test_client().get(address(app, "storefront.css"), headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert len(packed.data) < len(plain.data) / 3
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("name", ["storefront.00000000.css", "storefront.css", "..%2ftokens.css"])
def test_another_name_is_not_there(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/assets/{name}").status_code == 404


def test_a_changed_file_changes_the_name(app: Flask) -> None:
    names = [address(app, surface) for surface in SURFACES]
    assert len({name.split(".")[1] for name in names}) == len(SURFACES)


def test_every_style_and_script_is_sent_to_somebody() -> None:
    sent = {name for names in SURFACES.values() for name in names}
    assert {"tokens.css", *STYLES, *SCRIPTS} == sent


def test_a_chosen_theme_is_set_before_the_page_is_painted(app: Flask) -> None:
    page = app.test_client().get("/merchant/sign-in").get_data(as_text=True)
    head = page[: page.index("</head>")]
    assert f'<script src="{address(app, "theme.js")}"></script>' in head
    assert head.index("/assets/theme.") < head.index("stylesheet")


@pytest.mark.parametrize("style", STYLES)
def test_a_style_names_no_colour_of_its_own_and_no_side_of_the_screen(style: str) -> None:
    text = (STATIC / style).read_text()
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text) == []
    assert PHYSICAL.findall(text) == []
    assert re.findall(r"font-size: [\d.]+(?:px|rem)", text) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_keeps_its_names_to_itself(script: str) -> None:
    code = re.sub(r"\A(?:(?://.*|/\*.*?\*/)\n)*", "", (STATIC / script).read_text())
    assert code.startswith("(() => {\n")
    assert code.endswith("})();\n")
    assert "eval(" not in code
    assert ".style." not in code


def test_every_icon_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    asked: set[str] = set()
    for template in (TOP / "templates").rglob("*.html"):
        asked |= set(re.findall(r'\bicon\("([^"]+)"\)', template.read_text()))
    assert asked
    assert asked - drawn == set()


def test_a_template_holds_no_script_and_no_style_of_its_own() -> None:
    inline = re.compile(r"<script(?![^>]*(?:\bsrc=|application/ld\+json))|<style|\sstyle=|\son\w+=", re.I)
    pages = [path for path in (TOP / "templates").rglob("*.html") if "mail" not in path.relative_to(TOP).parts]
    assert [path.name for path in pages if inline.search(path.read_text())] == []


def test_the_icons_are_fetched_anew_when_they_change(app: Flask) -> None:
    assert re.fullmatch(r"/static/icons\.svg\?v=[0-9a-f]{8}", str(app.jinja_env.globals["icon_url"]))
