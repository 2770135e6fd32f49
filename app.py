"""WSGI entry: `app:app`."""

import gc

from reviews_app.config import SettingsRefused
from reviews_app.factory import create_app

try:
    app = create_app()
except SettingsRefused as refused:
    raise SystemExit(f"Not started. {refused}") from None
# Modules, tables and templates stay for good: a look for garbage among them holds every request up.
gc.freeze()
