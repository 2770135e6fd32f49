"""What every answer says about itself: strict CSP, no sniffing, no foreign frames, little referrer."""

from flask import Flask, Response
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

HSTS_SECONDS = 2 * 365 * 24 * 3600


def register_security_headers(app: Flask, *, is_https: bool) -> None:
    """Set the headers on every answer; an answer that set one itself keeps it."""
    tools = app.extensions["tools"]
    headers = _headers(media=tools.addresses.media, direct=tools.storage.direct_origin, is_https=is_https)

    @app.after_request
    def _set(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response


def _headers(*, media: str, direct: str | None, is_https: bool) -> dict[str, str]:
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'", "data:", "blob:", media)
        .media_src("'self'", "blob:", media)
        .font_src("'self'")
        .connect_src("'self'", *([direct] if direct else []))
        .form_action("'self'")
        .frame_ancestors("'none'")
        .base_uri("'none'")
        .custom_directive("object-src", "'none'")
    )
    secure = Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        referrer=ReferrerPolicy().strict_origin_when_cross_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(HSTS_SECONDS).include_subdomains() if is_https else None,
    )
    return dict(secure.headers)
