"""The one place where the parts are joined."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from reviews_app.cli.commands import register_commands
from reviews_app.config import Settings, SettingsRefused, load_settings
from reviews_app.db.database import open_database
from reviews_app.lib.log import write_json_logs
from reviews_app.services.tools import Tools, make_tools
from reviews_app.web.accounts import register_accounts
from reviews_app.web.assets import register_assets
from reviews_app.web.callbacks.routes import callbacks
from reviews_app.web.error_pages import register_error_pages
from reviews_app.web.health import health
from reviews_app.web.kept_pages import register_kept_pages
from reviews_app.web.limits import register_limits
from reviews_app.web.media_files import media_files
from reviews_app.web.media_host import MediaHost
from reviews_app.web.merchant.routes import merchant
from reviews_app.web.metrics import metrics
from reviews_app.web.page_language import register_page_language
from reviews_app.web.read_first import FILES_AT_WORK, FILES_TO_A_BUCKET, ReadFirst
from reviews_app.web.request_log import register_request_log
from reviews_app.web.review_links.routes import confirmations, review_links
from reviews_app.web.security_headers import register_security_headers
from reviews_app.web.storefront.routes import storefront
from reviews_app.web.template_filters import register_template_filters
from reviews_app.web.tools import TOOLS
from reviews_app.web.well_formed import register_well_formed

TOP = Path(__file__).resolve().parent.parent
LARGEST_REQUEST = 100 * 1024 * 1024
STATIC_SECONDS = 30 * 24 * 3600
# A page takes the interpreter a dozen times, after each look into the database; beside a thread that reads a large
# file it waited Python's usual 5 ms each time.
SECONDS_OF_A_TURN = 0.0001


def create_app(settings: Settings | None = None, tools: Tools | None = None) -> Flask:
    """Build the application: settings, extensions, blueprints, commands, error pages, in that order.

    Raises SettingsRefused when the environment cannot work.
    """
    settings = settings or (tools.settings if tools else load_settings())
    app = Flask("reviews_app", template_folder=str(TOP / "templates"), static_folder=None, root_path=str(TOP))
    _configure(app, settings)
    write_json_logs()
    app.extensions[TOOLS] = tools or make_tools(settings)
    open_database(app, url=settings.database, redis_url=settings.redis_url, migrations=str(TOP / "migrations"))
    register_request_log(app)
    register_well_formed(app)
    register_page_language(app, str(TOP / "translations"))
    register_template_filters(app)
    register_assets(app, TOP / "static")
    register_kept_pages(app)
    register_limits(app, settings)
    register_accounts(app, settings)
    _register_blueprints(app)
    register_security_headers(app, is_https=settings.is_https)
    register_commands(app)
    register_error_pages(app)
    _serve(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise SettingsRefused(f"DATA_DIR cannot be made: {settings.data_dir} ({failure.strerror})") from None
    app.config.update(
        SECRET_KEY=settings.secret_key or None,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        # Every word at a field is ours; WTForms' own would be read from its files with each request.
        WTF_I18N_ENABLED=False,
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        TESTING=settings.app_mode == "test",
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _register_blueprints(app: Flask) -> None:
    app.register_blueprint(health)
    app.register_blueprint(media_files)
    app.register_blueprint(storefront)
    app.register_blueprint(review_links)
    app.register_blueprint(confirmations)
    app.register_blueprint(merchant)
    app.register_blueprint(callbacks)
    app.register_blueprint(metrics)


def _serve(app: Flask, settings: Settings) -> None:
    sys.setswitchinterval(SECONDS_OF_A_TURN)
    static = WhiteNoise(app.wsgi_app, root=TOP / "static", prefix="static/", max_age=STATIC_SECONDS)
    files_at_work = FILES_TO_A_BUCKET if settings.media_storage else FILES_AT_WORK
    whole = ReadFirst(static, most=LARGEST_REQUEST, files_at_work=files_at_work)
    outermost: Any = MediaHost(whole, media=settings.media, public=settings.public)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        outermost = ProxyFix(outermost, x_for=hops, x_proto=hops)
    app.wsgi_app = outermost  # type: ignore[method-assign]
