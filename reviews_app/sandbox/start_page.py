"""The start page: three doors in a minute, and a panel to break things with."""

from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField

from reviews_app.db.database import session
from reviews_app.sandbox.outside_line import OutsideAway, OutsideLine
from reviews_app.sandbox.processes import WORKER, NoProcessManager, start_worker, states, stop_worker
from reviews_app.sandbox.standing import DEMO, first_product, read_standing
from reviews_app.web.guards import public
from reviews_app.web.tools import tools

start_page = Blueprint("start_page", __name__)

SWITCHES: dict[str, Callable[[], None]] = {
    "stop-worker": lambda: stop_worker(tools().settings.data_dir),
    "start-worker": lambda: start_worker(tools().settings.data_dir),
    "kustomer-500": lambda: kustomer().refuse(),
    "expire-key": lambda: kustomer().expire_key(),
    "put-right": lambda: kustomer().put_right(),
}
NOT_PRESSED = "That button was not understood. Press it once more."
NOT_DONE = "That did not work just now ({}). Everything is as it was. Try again in a moment."


class SwitchForm(FlaskForm):  # type: ignore[misc]
    """One switch of the panel."""

    switch = HiddenField()


def kustomer() -> OutsideLine:
    """The way to the stand-in."""
    return OutsideLine(tools().settings.port + 1)


@start_page.get("/")
@public
def start() -> ResponseReturnValue:
    """Where everything is."""
    return show()


@start_page.get("/sandbox/counts.json")
@public
def counts() -> ResponseReturnValue:
    """The live line, for the page's script."""
    standing, _ = read_standing(session(), kustomer())
    return jsonify({**asdict(standing), "line": standing.line})


@start_page.post("/sandbox/switch")
@public
def press_switch() -> ResponseReturnValue:
    """Break something, or put it right."""
    form = SwitchForm()
    press = SWITCHES.get(form.switch.data or "")
    if not form.validate_on_submit() or press is None:
        return show(trouble=NOT_PRESSED), 422
    try:
        press()
    except (NoProcessManager, OutsideAway) as failure:
        return show(trouble=NOT_DONE.format(failure)), 503
    return redirect(url_for("start_page.start", _anchor="break-it"), 303)


def show(*, trouble: str = "") -> str:
    """The page as things stand."""
    standing, now = read_standing(session(), kustomer())
    return render_template(
        "sandbox/start.html",
        form=SwitchForm(formdata=None),
        standing=standing,
        kustomer=now,
        worker=worker_state(),
        store=DEMO,
        product=first_product(session()),
        shop="",
        outside=f"http://127.0.0.1:{tools().settings.port + 1}",
        trouble=trouble,
    )


def worker_state() -> str:
    """`running`, `stopped`, or nothing when there is no process manager to ask."""
    try:
        worker = states(tools().settings.data_dir).get(WORKER)
    except NoProcessManager:
        return ""
    if worker is None:
        return ""
    return "running" if worker.is_running else "stopped"
