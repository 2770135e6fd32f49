"""Style and script, one file a surface: static/ joined at start, under a name that holds the hash."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from reviews_app.web.guards import public

assets = Blueprint("assets", __name__, url_prefix="/assets")

SHARED = (
    *("icon", "button", "field", "error_summary", "choice_tiles", "scale_input", "star_rating", "star_input"),
    *("notice", "tabs", "steps", "timeline", "code", "review", "summary", "photos", "viewer", "dialog"),
)
STYLE = ("tokens.css", "base.css", *(f"components/{name}.css" for name in SHARED))
SHOP_STYLE = tuple(
    f"storefront/{name}.css" for name in ("shop", "catalogue", "product", "reviews", "gallery", "form", "order")
)
HOUSE_STYLE = (
    "components/switch.css",
    *(f"merchant/{name}.css" for name in ("house", "rail", "rows", "pages", "requests")),
)
SCRIPT = ("components/form_errors.js", "components/copy.js")
SHOP_SCRIPT = (
    *("clear_choice", "counter", "shown_name", "clamp", "photos", "draft", "proof_of_work", "review_dialog"),
    *("viewer", "in_work"),
)
HOUSE_SCRIPT = ("merchant/live.js", "merchant/hand_over.js")
SURFACES: dict[str, tuple[str, ...]] = {
    "storefront.css": (*STYLE, *SHOP_STYLE),
    "merchant.css": (*STYLE, *HOUSE_STYLE),
    "sandbox.css": (*STYLE, "sandbox/sandbox.css"),
    "storefront.js": (*SCRIPT, *(f"components/{name}.js" for name in SHOP_SCRIPT)),
    "merchant.js": (*SCRIPT, "components/clear_choice.js", "components/viewer.js", *HOUSE_SCRIPT),
    "sandbox.js": (*SCRIPT, "sandbox/live.js"),
    # On its own: it runs before the page is painted, so that a chosen theme never flashes.
    "theme.js": ("components/theme.js",),
}
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Asset:
    """One joined file as it is sent."""

    name: str
    body: bytes
    packed: bytes
    content_type: str


def register_assets(app: Flask, static: Path) -> None:
    """Join every surface and give templates `asset_url("storefront.css")`."""
    joined = {surface: _join(surface, [static / name for name in names]) for surface, names in SURFACES.items()}
    app.extensions["assets"] = {asset.name: asset for asset in joined.values()}
    addresses = {surface: f"/assets/{asset.name}" for surface, asset in joined.items()}
    app.jinja_env.globals["asset_url"] = addresses.__getitem__
    icons = hashlib.sha256((static / "icons.svg").read_bytes()).hexdigest()[:8]
    app.jinja_env.globals["icon_url"] = f"/static/icons.svg?v={icons}"
    app.register_blueprint(assets)


@assets.get("/<name>")
@public
def send_asset(name: str) -> ResponseReturnValue:
    """A joined file; its name changes with its bytes, so it may be kept for ever."""
    asset: Asset | None = current_app.extensions["assets"].get(name)
    if asset is None:
        abort(404)
    is_packed = request.accept_encodings.quality("gzip") > 0
    response = Response(asset.packed if is_packed else asset.body, content_type=asset.content_type)
    if is_packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.cache_control.public = True
    response.cache_control.max_age = YEAR
    response.cache_control.immutable = True
    return response


def _join(surface: str, files: list[Path]) -> Asset:
    body = b"\n".join(file.read_bytes() for file in files)
    stem, _, kind = surface.rpartition(".")
    name = f"{stem}.{hashlib.sha256(body).hexdigest()[:8]}.{kind}"
    return Asset(name, body, _packed(body), TYPES[kind])


@cache
def _packed(body: bytes) -> bytes:
    """Packed as small as it goes, once a process."""
    return gzip.compress(body, 9, mtime=0)
