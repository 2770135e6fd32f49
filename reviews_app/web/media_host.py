"""A host of its own for pictures: there is nothing but pictures on it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/media"


class MediaHost:
    """Turns `MEDIA_URL/<file>` into the route of media files when MEDIA_URL names another host than PUBLIC_URL.

    So a page of the dashboard is never reached on the host that holds what strangers sent.
    """

    def __init__(self, inner: "WSGIApplication", *, media: str, public: str) -> None:
        self._inner = inner
        parts = urlsplit(media)
        self._host = parts.netloc if parts.netloc != urlsplit(public).netloc else ""
        self._path = parts.path

    def __call__(self, asked: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._host and asked.get("HTTP_HOST") == self._host:
            path = asked.get("PATH_INFO", "")
            file_name = path.removeprefix(f"{self._path}/")
            asked["PATH_INFO"] = f"{PREFIX}/{file_name}" if path.startswith(f"{self._path}/") else PREFIX
        return self._inner(asked, start_response)
