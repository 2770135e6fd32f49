"""The one place where the parts are joined."""

from flask import Flask

from reviews_app.web.health import health


def create_app() -> Flask:
    """Build the application."""
    app = Flask(__name__)
    app.register_blueprint(health)
    return app
