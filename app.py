"""WSGI entry: `app:app`."""

import gc

from reviews_app.factory import create_app

app = create_app()
# Modules, tables and templates stay for good: a look for garbage among them holds every request up.
gc.freeze()
