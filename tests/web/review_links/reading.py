"""What tests of the links' pages read and press."""

import re
from html import unescape

from werkzeug.test import TestResponse

from tests.fakes.visitor import Visitor, typed
from tests.web.review_links.conftest import Link


def words(answer: TestResponse) -> str:
    """What a person reads: no tags, single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1])).split())


def review(visitor: Visitor, url: str, **changes: str) -> TestResponse:
    return visitor.send(url, **({"rating": "5", "body": "It does what I bought it for."} | changes))


def press(visitor: Visitor, url: str, link: Link) -> TestResponse:
    """Press a button of the order's page."""
    token = typed(visitor.open(link.order))["csrf_token"]
    return visitor.client.post(url, data={"csrf_token": token})
