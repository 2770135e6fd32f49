"""The outside world as one small application: a helpdesk and an inbox."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from flask import Flask, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from reviews_app.integrations.kustomer.review_object import WARNING
from reviews_app.sandbox.outside.hook import WORLD, hook
from reviews_app.sandbox.outside.kustomer_desk import kustomer_desk
from reviews_app.sandbox.outside.mail_desk import mail_desk
from reviews_app.sandbox.outside.reader import is_person
from reviews_app.sandbox.outside.workflow_desk import workflow_desk
from reviews_app.sandbox.outside.world import World
from reviews_app.web.assets import register_assets
from reviews_app.web.page_language import register_page_language
from reviews_app.web.template_filters import decimal, moment, star_width

TOP = Path(__file__).resolve().parents[3]
HERE = ["127.0.0.1", "localhost", "[::1]"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; frame-src 'self'; "
    "img-src 'self' data: http: https:; media-src http: https:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_outside_app(world: World, *, shop: str, name: str = "") -> Flask:
    """Join the parts; `shop` is the address of the application itself, for the way back, `name` a further host name."""
    app = Flask(
        "outside", template_folder=str(TOP / "templates"), static_folder=str(TOP / "static"), root_path=str(TOP)
    )
    app.config["TRUSTED_HOSTS"] = [*HERE, name] if name else HERE
    app.extensions[WORLD] = world
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(shop=shop, outside="", warning=WARNING)
    app.jinja_env.filters.update(decimal=decimal, star_width=star_width, moment=moment_of)
    register_page_language(app, str(TOP / "translations"))
    register_assets(app, TOP / "static")
    for part in (hook, kustomer_desk, workflow_desk, mail_desk):
        app.register_blueprint(part)
    app.add_url_rule("/", view_func=front)
    app.before_request(refuse_foreign_pages)
    app.after_request(set_headers)
    app.register_error_handler(HTTPException, show_error)
    return app


def moment_of(iso_time: str) -> str:
    """A kept time in words; one that cannot be read stays as it is."""
    try:
        return moment(datetime.fromisoformat(iso_time))
    except ValueError:
        return iso_time


def front() -> ResponseReturnValue:
    """Nothing of its own: straight to Kustomer."""
    return redirect(url_for("kustomer_desk.timeline"))


def refuse_foreign_pages() -> None:
    """A page of another site must not press our switches; programs send no Origin."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403)


def set_headers(response: Response) -> Response:
    """Strict headers, unless the answer has its own; Kustomer's own answers stay bare."""
    if not request.path.startswith("/v1/"):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response


def show_error(error: HTTPException) -> ResponseReturnValue:
    """Errors as Kustomer gives them; in words for a person's browser."""
    if error.code is None or error.code < 400:
        return error
    if is_person() and not request.path.startswith("/v1/"):
        advice = "Nothing was changed. Go back, or begin again at the start page."
        return render_template("layouts/error_page.html", title=error.name, advice=advice), error.code
    body = orjson.dumps({"errors": [{"status": error.code, "title": error.name}]})
    return Response(body, error.code, mimetype="application/json")
