"""`python -m reviews_app.sandbox.outside`: Kustomer and the inbox on PORT+1, mail taken on PORT+2.

`--name HOST --certificate FILE` speaks https under another name of this machine, as an installation in production asks.
"""

import argparse
import signal
import ssl
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from reviews_app.config import load_settings
from reviews_app.lib.clock import utc_now
from reviews_app.sandbox.outside.app import create_outside_app
from reviews_app.sandbox.outside.inbox import LARGEST_MAIL, Inbox
from reviews_app.sandbox.outside.world import World, open_world

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HOST = "127.0.0.1"


class Connection(WSGIRequestHandler):
    """One request a connection, without a line in the log for each."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Every request to the hook is kept in requests.json already."""

    def connection_dropped(self, error: BaseException, environ: "WSGIEnvironment | None" = None) -> None:
        """A broken answer ends its connection: nothing more is read from it."""
        self.close_connection = True


def http_server(
    world: World, *, port: int, shop: str, name: str = "", certificate: Path | None = None
) -> BaseWSGIServer:
    """A thread a connection: a slow answer holds nobody else up. `certificate`: PEM, the key in the same file."""
    app = create_outside_app(world, shop=shop, name=name)
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    return make_server(HOST, port, app, threaded=True, request_handler=Connection, ssl_context=tls)


def smtp_server(world: World, *, port: int) -> Controller:
    """Takes any mail for anybody."""
    return Controller(Inbox(world.mails, world.clock), hostname=HOST, port=port, data_size_limit=LARGEST_MAIL)


def main() -> None:
    """Run until told to stop."""
    asked = argparse.ArgumentParser(prog="python -m reviews_app.sandbox.outside", description=__doc__)
    asked.add_argument("--name", default="", metavar="HOST", help="a further name of this machine it answers to")
    asked.add_argument("--certificate", type=Path, metavar="FILE", help="PEM with certificate and key: speak https")
    told = asked.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    settings = load_settings()
    world = open_world(settings.data_dir, utc_now)
    server = http_server(
        world, port=settings.port + 1, shop=settings.public, name=told.name, certificate=told.certificate
    )
    mail = smtp_server(world, port=settings.port + 2)
    mail.start()
    try:
        server.serve_forever()
    finally:
        mail.stop()
        server.server_close()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
