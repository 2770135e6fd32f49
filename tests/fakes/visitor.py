"""A person without script: opens forms, types into them, reads what comes back."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Page(HTMLParser):
    """What a page's forms hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._area: str | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "input" and named.get("name"):
            self._input(named)
        elif tag == "textarea":
            self._area = named.get("name")
            self.values[self._area or ""] = [""]
        elif tag == "select":
            self._select = named.get("name")
        elif tag == "option" and "selected" in named and self._select:
            self.values[self._select] = [named.get("value", "")]

    def _input(self, named: dict[str, str]) -> None:
        kind = named.get("type", "text")
        if kind in {"radio", "checkbox"}:
            if "checked" in named:
                self.values.setdefault(named["name"], []).append(named.get("value", "y"))
        elif kind not in {"file", "submit"}:
            self.values[named["name"]] = [named.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = [self.values[self._area][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.values[self._area] = [self.values[self._area][0].removeprefix("\r\n").removeprefix("\n")]
            self._area = None
        if tag == "select":
            self._select = None


class Visitor:
    """Somebody with a browser that runs no script."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, url: str) -> TestResponse:
        return self.client.get(url)

    def send(self, url: str, *, at: str = "", **typed: Any) -> TestResponse:
        """Open a form, type, and send it to `at` (its own address when left out)."""
        opened = self.open(url)
        assert opened.status_code == 200, opened.status
        return self.client.post(at or url, data=Page(opened.text).values | typed)


def errors(answer: TestResponse) -> list[str]:
    """The words at the fields."""
    return [unescape(found) for found in re.findall(r'class="field-error".*?<span>(.*?)</span>', answer.text, re.S)]


def typed(answer: TestResponse) -> dict[str, list[str]]:
    """What the forms of an answer hold."""
    return Page(answer.text).values
