"""Whether an address may be a Kustomer hook. Asked when it is saved, and again before each use."""

import re
from urllib.parse import urlsplit

from reviews_app.lib.outgoing_http import origin_of

HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+kustomerapp\.com")
PATH = re.compile(r"/v1/hooks/web/[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)?")
EXAMPLE = "https://yourname.api.kustomerapp.com/v1/hooks/web/5e6daf9d2b1c4a0012ab34cd"
LONGEST = 500


class ApiUrlRefused(Exception):
    """The address cannot be a Kustomer hook; the text says why, for the field it was typed in."""


def check_api_url(text: str, *, extra_origins: tuple[str, ...]) -> str:
    """The address exactly as given, without blanks around it.

    Raises ApiUrlRefused. Beside `https://*.kustomerapp.com` only the operator's extra origins pass,
    compared letter for letter.
    """
    url = text.strip()
    if not url:
        raise ApiUrlRefused("Paste the address of your hook. Kustomer shows it beside the hook's name.")
    if len(url) > LONGEST or not url.isascii() or any(letter.isspace() or letter in "\\<>\"'" for letter in url):
        raise ApiUrlRefused("The address holds letters no hook has. Copy it once more from Kustomer.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ApiUrlRefused(f"This is not an address. It looks like {EXAMPLE}") from None
    if origin_of(url) not in extra_origins:
        _check_host(parts.scheme, parts.netloc, port)
    if not PATH.fullmatch(parts.path) or "?" in url or "#" in url:
        raise ApiUrlRefused(f"The address of a hook looks like {EXAMPLE}")
    return url


def _check_host(scheme: str, netloc: str, port: int | None) -> None:
    if scheme != "https":
        raise ApiUrlRefused("The address must begin with https://")
    if port not in {None, 443} or not HOST.fullmatch(netloc.lower().removesuffix(":443")):
        raise ApiUrlRefused("The address must lie at Kustomer: its host ends with .kustomerapp.com")
