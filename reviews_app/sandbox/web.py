"""The application as `make run` serves it: the real one, its newest tables, and the start page."""

from flask import Flask
from flask_migrate import upgrade

from reviews_app.factory import create_app
from reviews_app.sandbox.start_page import start_page
from reviews_app.sandbox.tied import end_with_parent


def create_sandbox_app() -> Flask:
    """Migrating here, and not in a command before, has the start page up in half the time."""
    application = create_app()
    application.register_blueprint(start_page)
    with application.app_context():
        upgrade()
    return application


end_with_parent()
app = create_sandbox_app()
