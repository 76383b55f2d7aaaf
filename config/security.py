"""What every answer forbids the browser, and from where a request really comes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from django.http import HttpRequest, HttpResponse

#: Only the map's "where am I" may ask the browser for anything beyond the page.
PERMISSIONS_POLICY = (
    "geolocation=(self), accelerometer=(), camera=(), display-capture=(), fullscreen=(self), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)


def content_security_policy(*, outside_background: str) -> dict[str, Any]:
    """Return django-csp's policy: our own server and nothing else, no inline script or style.

    `outside_background` is the address pattern of a background map; its host alone may give
    pictures beside ours. `data:` pictures cannot carry anything out; the styles of the API
    documentation draw their arrows with them.
    """
    own = "'self'"
    pictures = [own, "data:"]
    parts = urlsplit(outside_background)
    if parts.scheme == "https" and parts.netloc:
        pictures.append(f"https://{parts.netloc}")
    return {
        "DIRECTIVES": {
            "default-src": ["'none'"],
            "script-src": [own],
            "style-src": [own],
            "img-src": pictures,
            "font-src": [own],
            "connect-src": [own],
            "manifest-src": [own],
            "base-uri": ["'none'"],
            "form-action": [own],
            "frame-ancestors": ["'none'"],
            "object-src": ["'none'"],
        }
    }


class PermissionsPolicy:
    """Add the Permissions-Policy header, which Django does not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the header."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


def client_address(request: HttpRequest) -> str:
    """Return the address that a request came from; sign-in failures are counted by it.

    Behind our own proxy it is the last entry of X-Forwarded-For, the one the proxy wrote; what
    stands before it is the caller's own claim. Without a proxy the header is ignored.
    """
    return caller_address(request.META, is_behind_proxy=settings.BEHIND_PROXY)


def caller_address(environ: Mapping[str, Any], *, is_behind_proxy: bool) -> str:
    """Return the address that a request of this WSGI environment came from."""
    if is_behind_proxy:
        last = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
        if last:
            return last
    return str(environ.get("REMOTE_ADDR", ""))


def lower_case_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the user name tried at sign-in, so that "Lan" and "LAN" are counted as one."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(name).casefold()[:150]
