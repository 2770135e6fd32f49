"""Sign-in, sign-out and reset, by Flask-Security; only these, all under /merchant."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import MailUtil, Security

from reviews_app.config import AppMode, Settings
from reviews_app.db.account_store import account_store
from reviews_app.db.database import begin_for_library, transaction
from reviews_app.mail.account_notice import password_reset
from reviews_app.mail.message import Envelope, compose
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.services.queue_mail import queue_mail
from reviews_app.web.account_words import SHORTEST_PASSWORD, messages
from reviews_app.web.guards import Guard, declare
from reviews_app.web.limits import limit_sign_in, may_mail_reset
from reviews_app.web.merchant.action import require_action
from reviews_app.web.tools import tools

RESET_LASTS = timedelta(hours=2)
RESET_TEMPLATE = "reset"
# Below zero the library asks for no fresh sign-in, and its page for that stays away.
NEVER_STALE = timedelta(seconds=-1)
# 19 MiB, two rounds, one lane: OWASP's choice for Argon2id, 66 ms where the library's own took 220 to 400.
ARGON2 = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
ARGON2_IN_TESTS = {"argon2__memory_cost": 64, "argon2__time_cost": 1, "argon2__parallelism": 1}


class QueuedMail(MailUtil):
    """Mails of the library become rows like any other."""

    def send_mail(  # type: ignore[override] # the parts it rendered are not used
        self, template: str, _subject: str, recipient: str, *_rest: Any, **values: Any
    ) -> None:
        """Only the reset link is ever mailed. Its host is ours, whatever the request called us."""
        if template != RESET_TEMPLATE or not may_mail_reset(recipient):
            return
        path = urlsplit(str(values["reset_link"])).path
        use = tools()
        envelope = Envelope(sender=use.settings.sender, sender_name="Reviews", recipient=str(recipient))
        content = password_reset(f"{use.addresses.public}{path}")
        message = compose(envelope, content, clock=use.clock, make_id=use.make_id)
        with transaction() as writing:
            queue_mail(
                writing,
                message,
                kind=MailKind.ACCOUNT,
                store_id=None,
                tools=use,
            )


def register_accounts(app: Flask, settings: Settings) -> None:
    """Switch on what merchants need and nothing else."""
    salt = hashlib.sha256(b"password salt" + settings.secret_key.encode()).hexdigest()
    app.config.update(
        SECURITY_PASSWORD_SALT=salt,
        SECURITY_PASSWORD_HASH="argon2",
        # No password was ever kept in another way, and none of the library's older ways is accepted.
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=ARGON2_IN_TESTS if settings.app_mode is AppMode.TEST else ARGON2,
        SECURITY_PASSWORD_LENGTH_MIN=SHORTEST_PASSWORD,
        SECURITY_STATIC_FOLDER=None,
        SECURITY_URL_PREFIX="/merchant",
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_RESET_URL="/reset",
        SECURITY_FRESHNESS=NEVER_STALE,
        SECURITY_RECOVERABLE=True,
        SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET=RESET_TEMPLATE,
        SECURITY_EMAIL_PLAINTEXT=False,
        SECURITY_EMAIL_HTML=False,
        SECURITY_RESET_PASSWORD_WITHIN=RESET_LASTS,
        SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        **messages(),
        SECURITY_POST_LOGIN_VIEW="/merchant",
        SECURITY_POST_LOGOUT_VIEW="/merchant/sign-in",
        SECURITY_POST_RESET_VIEW="/merchant/sign-in",
        SECURITY_LOGIN_USER_TEMPLATE="merchant/security/sign_in.html",
        SECURITY_FORGOT_PASSWORD_TEMPLATE="merchant/security/forgot.html",
        SECURITY_RESET_PASSWORD_TEMPLATE="merchant/security/reset.html",
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False, "test_environment": True},
        REMEMBER_COOKIE_SECURE=settings.is_https,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
    )
    Security(app, account_store, mail_util_cls=QueuedMail)
    for name, view in app.view_functions.items():
        if name.startswith("security."):
            declare(view, Guard.LIBRARY)  # type: ignore[type-var] # Flask types views wider than we write them

    app.before_request(_before_library)
    app.after_request(_keep_private)


def _before_library() -> ResponseReturnValue | None:
    """What the library leaves to us: floods, a token for signing out, one whole transaction for a new password."""
    if request.method != "POST":
        return _without_foreign_way()
    if request.endpoint == "security.login":
        return limit_sign_in(request.form.get("email", ""))
    if request.endpoint == "security.logout":
        require_action()
    if request.endpoint == "security.reset_password":
        begin_for_library()
    return None


def _without_foreign_way() -> ResponseReturnValue | None:
    """A sign-in page whose `next` is no path of ours loses it, before anybody types a password there."""
    way = request.args.get("next", "/")
    if request.endpoint != "security.login" or (way.startswith("/") and way[1:2] not in {"/", "\\"}):
        return None
    return redirect(url_for("security.login"))


def _keep_private(response: Response) -> Response:
    if request.blueprint == "security":
        response.headers["Cache-Control"] = "no-store"
    return response
