"""Files of orders and products: sending one, and seeing how far it is."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from reviews_app.db.database import session, transaction
from reviews_app.integrations.csv_file.read import MOST_BYTES, FileRefused
from reviews_app.integrations.csv_file.reports import SHAPES
from reviews_app.models.file_import import UNFINISHED, ImportKind
from reviews_app.models.membership import StoreRole
from reviews_app.queries.file_imports import find_import, last_imports
from reviews_app.services.take_in_file import keep_file
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools

# The form's own bytes around the file.
MOST_REQUEST = MOST_BYTES + 64 * 1024
TOO_LARGE = "The file is larger than 20 MB. Split it and send the parts one after the other."


class ImportForm(FlaskForm):
    """One file."""

    file = FileField("CSV file")


@merchant.get("/<store>/imports/<any(orders,products):kind>")
@member(StoreRole.MANAGER)
def new_import(me: Member, kind: str) -> ResponseReturnValue:
    """The form, what the columns are, and the last files."""
    return _page(me, kind, ImportForm())


@merchant.post("/<store>/imports/<any(orders,products):kind>")
@member(StoreRole.MANAGER)
def send_file(me: Member, kind: str) -> ResponseReturnValue:
    """Keep the file and show how far it is, or say at once why not."""
    if (request.content_length or 0) > MOST_REQUEST:
        form = ImportForm(formdata=None)
        form.file.errors = [TOO_LARGE]
        return _page(me, kind, form), 413
    form = ImportForm()
    if not form.validate_on_submit() or not form.file.data:
        form.file.errors = ["Choose the file, then send it."]
        return _page(me, kind, form), 422
    try:
        with transaction() as writing:
            row = keep_file(
                writing,
                me.store,
                ImportKind(kind),
                raw=form.file.data.read(),
                name=form.file.data.filename or "",
                account_id=me.account.id,
                clock=tools().clock,
            )
            import_id = row.id
    except FileRefused as refused:
        form.file.errors = [str(refused)]
        return _page(me, kind, form), 422
    return redirect(url_for(".file_import", store=me.store.slug, import_id=import_id), 303)


@merchant.get("/<store>/imports/<uuid:import_id>")
@member(StoreRole.MANAGER)
def file_import(me: Member, import_id: UUID) -> ResponseReturnValue:
    """How far it is, and what was wrong."""
    row = find_import(session(), me.store, import_id)
    return render_template("merchant/import.html", row=row, is_moving=row.state in UNFINISHED)


def _page(me: Member, kind: str, form: Any) -> str:
    shape = SHAPES[ImportKind(kind)]
    optional = [name for name in (*shape.whole, *shape.each) if name not in shape.needed]
    return render_template(
        "merchant/imports.html",
        form=form,
        kind=kind,
        needed=shape.needed,
        optional=optional,
        rows=last_imports(session(), me.store, ImportKind(kind)),
    )
