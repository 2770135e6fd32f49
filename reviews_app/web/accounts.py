"""Sign-in, sign-out and reset, by Flask-Security; only these, all under /merchant."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask_security import MailUtil, Security

from reviews_app.config import AppMode, Settings
from reviews_app.db.account_store import account_store
from reviews_app.db.database import transaction
from reviews_app.mail.account_notice import password_reset
from reviews_app.mail.message import Envelope, compose
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.services.queue_mail import queue_mail
from reviews_app.web.guards import Guard, declare
from reviews_app.web.limits import limit_sign_in
from reviews_app.web.tools import tools

# 19 MiB, two rounds, one lane: OWASP's choice for Argon2id, 66 ms where the library's own took 220 to 400.
RESET_LASTS = timedelta(hours=2)
ARGON2 = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
ARGON2_IN_TESTS = {"argon2__memory_cost": 64, "argon2__time_cost": 1, "argon2__parallelism": 1}
REFUSED = ("Address and password do not fit together. Check both, or reset the password.", "danger")
RESET_SENT = ("If an account has this address, a mail with a link is on its way.", "ok")


class QueuedMail(MailUtil):
    """Mails of the library become rows like any other."""

    def send_mail(  # type: ignore[override] # the parts it rendered are not used
        self, template: str, _subject: str, recipient: str, *_rest: Any, **values: Any
    ) -> None:
        """Only the reset link is ever mailed. Its host is ours, whatever the request called us."""
        if template != "reset_instructions":
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
                clock=use.clock,
                keyring=use.keyring,
            )


def register_accounts(app: Flask, settings: Settings) -> None:
    """Switch on what merchants need and nothing else."""
    salt = hashlib.sha256(b"password salt" + settings.secret_key.encode()).hexdigest()
    app.config.update(
        SECURITY_PASSWORD_SALT=salt,
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=ARGON2_IN_TESTS if settings.app_mode is AppMode.TEST else ARGON2,
        SECURITY_PASSWORD_LENGTH_MIN=10,
        SECURITY_STATIC_FOLDER=None,
        SECURITY_URL_PREFIX="/merchant",
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_RESET_URL="/reset",
        SECURITY_RECOVERABLE=True,
        SECURITY_RESET_PASSWORD_WITHIN=RESET_LASTS,
        SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_MSG_GENERIC_AUTHN_FAILED=REFUSED,
        SECURITY_MSG_PASSWORD_RESET_REQUEST=RESET_SENT,
        SECURITY_POST_LOGIN_VIEW="/merchant",
        SECURITY_POST_LOGOUT_VIEW="/merchant/sign-in",
        SECURITY_POST_RESET_VIEW="/merchant",
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

    @app.before_request
    def _limit() -> Any:
        return limit_sign_in() if request.endpoint == "security.login" and request.method == "POST" else None
