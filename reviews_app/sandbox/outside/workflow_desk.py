"""The workflow behind the stand-in's hook: taken in, taken away, and what it made."""

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.sandbox.outside.hook import world
from reviews_app.sandbox.outside.kept_workflow import WorkflowRefused, take_in_workflow
from reviews_app.sandbox.outside.made import timeline_of
from reviews_app.sandbox.outside.reader import is_person

workflow_desk = Blueprint("workflow_desk", __name__, url_prefix="/kustomer")


@workflow_desk.get("/desk.json")
def desk() -> ResponseReturnValue:
    """Every customer, product review and conversation, the oldest first."""
    made = world().desk
    kinds = {"customers": "customer", "objects": "object", "conversations": "conversation", "runs": "run"}
    workflow = world().workflow.now()
    name = workflow.get("name") if workflow else None
    return jsonify(workflow=name, **{words: made.all(kind) for words, kind in kinds.items()})


@workflow_desk.get("/customers/<customer_id>")
def customer(customer_id: str) -> ResponseReturnValue:
    """A customer's timeline as an agent sees it, the product reviews as the app's card shows them."""
    found = timeline_of(world().desk, customer_id)
    if found is None:
        abort(404)
    return render_template("sandbox/customer.html", timeline=found)


@workflow_desk.post("/workflow")
def take_in() -> ResponseReturnValue:
    """Put a workflow behind the hook: as a file from a person, as the body from a program."""
    file = request.files.get("workflow")
    try:
        take_in_workflow(world().data_dir, file.read() if file else request.get_data())
    except WorkflowRefused as refused:
        if is_person():
            return render_template("layouts/error_page.html", title="Not taken in", advice=f"{refused}."), 400
        return jsonify(errors=[{"status": 400, "title": str(refused)}]), 400
    return _answer()


@workflow_desk.post("/workflow/remove")
def take_away() -> ResponseReturnValue:
    """Leave the hook without a workflow: received, and nobody acts."""
    world().workflow.take_away()
    return _answer()


def _answer() -> ResponseReturnValue:
    if is_person():
        return redirect(url_for("kustomer_desk.timeline", _anchor="workflow"), 303)
    workflow = world().workflow.now()
    return jsonify(workflow=workflow.get("name") if workflow else None)
