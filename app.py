"""WSGI entry: `app:app`."""

from reviews_app.factory import create_app

app = create_app()
