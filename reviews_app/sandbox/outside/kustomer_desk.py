"""Kustomer as its own people see it: the timeline, the raw requests, the switches."""

import orjson
from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from reviews_app.sandbox.demo_key import DemoKey, expire_key, renew_key, replace_key
from reviews_app.sandbox.outside.behaviour import Behaviour
from reviews_app.sandbox.outside.hook import world
from reviews_app.sandbox.outside.made import made_of
from reviews_app.sandbox.outside.reader import is_person
from reviews_app.sandbox.outside.timeline import entry

kustomer_desk = Blueprint("kustomer_desk", __name__, url_prefix="/kustomer")
ENTRIES_A_PAGE = 30


@kustomer_desk.get("")
def timeline() -> ResponseReturnValue:
    """The newest events, as an agent reads them."""
    events = world().events
    before = request.args.get("before", len(events.lines) + 1, type=int)
    entries = [
        entry(number, envelope, first=events.first_with)
        for number, envelope in events.lines.newest_first(before=before, count=ENTRIES_A_PAGE)
    ]
    older = entries[-1].number if entries and entries[-1].number > 1 else None
    return render_template(
        "sandbox/kustomer.html",
        entries=entries,
        made={one.number: made_of(world().desk, one.number) for one in entries},
        workflow=world().workflow.now(),
        older=older,
        world=world(),
        behaviour=world().behaviours.now().model_dump(exclude_defaults=True, exclude_none=True),
    )


@kustomer_desk.get("/events.json")
def events() -> ResponseReturnValue:
    """Every accepted event in its envelope, the oldest first."""
    return Response(world().events.lines.as_array(), mimetype="application/json")


@kustomer_desk.get("/requests.json")
def requests() -> ResponseReturnValue:
    """Every request to a hook, taken or not, the oldest first."""
    return Response(world().requests.as_array(), mimetype="application/json")


@kustomer_desk.get("/counts.json")
def counts() -> ResponseReturnValue:
    """How much is there, cheap to ask."""
    known = world().events
    return jsonify(
        events=len(known.lines),
        reviews=known.review_count,
        repeats=known.repeat_count,
        requests=len(world().requests),
        mails=len(world().mails),
        key_expired=world().demo_key.is_expired,
        behaviour=world().behaviours.now().model_dump(exclude_defaults=True, exclude_none=True),
    )


@kustomer_desk.post("/behaviour")
def behave() -> ResponseReturnValue:
    """Behave as told from the next request on; `{}` is normal."""
    try:
        behaviour = Behaviour.model_validate(orjson.loads(request.get_data() or b"{}"))
    except orjson.JSONDecodeError:
        return jsonify(errors=[{"status": 400, "title": "The body is not JSON"}]), 400
    except ValidationError as refused:
        faults = [{"status": 400, "title": f"{fault['loc']}: {fault['msg']}"} for fault in refused.errors()]
        return jsonify(errors=faults), 400
    world().behaviours.become(behaviour)
    return jsonify(behaviour.model_dump(exclude_defaults=True))


@kustomer_desk.post("/key")
def make_key() -> ResponseReturnValue:
    """A fresh key, shown this once; the former one is refused as expired."""
    world().demo_key = made = replace_key(world().data_dir)
    if is_person():
        return render_template("sandbox/new_key.html", demo_key=made, api_url=_api_url(made))
    return jsonify(key=made.key, api_url=_api_url(made))


@kustomer_desk.post("/key/expire")
def expire() -> ResponseReturnValue:
    """The present key is refused as expired."""
    return _keep(expire_key(world().data_dir))


@kustomer_desk.post("/key/renew")
def renew() -> ResponseReturnValue:
    """The present key is taken again."""
    return _keep(renew_key(world().data_dir))


def _keep(changed: DemoKey) -> ResponseReturnValue:
    world().demo_key = changed
    if is_person():
        return redirect(url_for("kustomer_desk.timeline"), 303)
    return jsonify(expired=changed.is_expired)


def _api_url(demo_key: DemoKey) -> str:
    return request.host_url.rstrip("/") + demo_key.path
