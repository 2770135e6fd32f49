"""The inbox in the browser."""

import re
from html.parser import HTMLParser
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from reviews_app.sandbox.outside.hook import world

mail_desk = Blueprint("mail_desk", __name__, url_prefix="/mail")
MAILS_A_PAGE = 50
# The mail's own page may show pictures and its own style; it can run nothing and read nothing.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    "default-src 'none'; img-src 'self' data: http: https:; style-src 'unsafe-inline'; font-src data:; "
    "frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
)
IN_NEW_TAB = '<base target="_blank">'


@mail_desk.get("")
def inbox() -> ResponseReturnValue:
    """The newest mails."""
    mails = world().mails
    before = request.args.get("before", len(mails) + 1, type=int)
    listed = list(mails.newest_first(before=before, count=MAILS_A_PAGE))
    older = listed[-1][0] if listed and listed[-1][0] > 1 else None
    return render_template("sandbox/inbox.html", mails=listed, older=older, count=len(mails))


@mail_desk.get("/messages.json")
def messages() -> ResponseReturnValue:
    """Every mail, the oldest first."""
    return Response(world().mails.as_array(), mimetype="application/json")


@mail_desk.get("/<int:number>")
def message(number: int) -> ResponseReturnValue:
    """One mail: as it looks, its links, its text, its headers."""
    mail = _mail(number)
    return render_template("sandbox/mail.html", number=number, mail=mail, links=links_in(mail["html"]))


@mail_desk.get("/<int:number>.html")
def mail_itself(number: int) -> ResponseReturnValue:
    """The mail's own HTML, locked in."""
    html = str(_mail(number)["html"])
    head = re.search(r"<head[^>]*>", html, re.IGNORECASE)
    at = head.end() if head else 0
    answer = Response(html[:at] + IN_NEW_TAB + html[at:])
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def links_in(html: str) -> list[tuple[str, str]]:
    """The links of a mail with their words, in order, each address once."""
    reader = _LinkReader()
    reader.feed(html)
    words: dict[str, str] = {}
    for address, text in reader.links:
        words[address] = words.get(address) or " ".join(text.split())
    return [(address, text or address) for address, text in words.items()]


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self._address = ""
        self._text = ""
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        address = values.get("href") or ""
        if tag == "a" and address.startswith(("http://", "https://")):
            self._address, self._text, self._label = address, "", values.get("aria-label") or ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._address:
            self.links.append((self._address, self._label or self._text))
            self._address = ""


def _mail(number: int) -> dict[str, Any]:
    return world().mails.row(number) or abort(404)
