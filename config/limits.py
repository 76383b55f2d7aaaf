"""How many requests a caller may send: by key, else by address.

It stands around the whole application, the files that are answered without Django included. What
it says is told in docs/limits.md and in the capabilities of the services.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl
from wsgiref.headers import Headers

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext, override

from accounts import keys
from config.counters import Counters, whole_seconds
from config.security import caller_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    Environ = dict[str, Any]
    Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

logger = logging.getLogger(__name__)

#: Request units by what an address costs us; the first prefix that fits counts.
COSTS: tuple[tuple[str, int], ...] = (
    ("/health/", 0),
    ("/static/", 0),
    ("/tiles/", 1),
    ("/wmts", 1),
    ("/tms", 1),
    ("/wms", 4),
    ("/wfs", 8),
    ("/ogc", 8),
)
USUAL_COST = 2
KEY_HEADER = "HTTP_X_API_KEY"
#: For programs that can set an address and no header; it then stands in their logs.
KEY_PARAMETER = "key"
#: A key that was ended goes on to count as one for this long.
_KEYS_ARE_READ_EVERY = timedelta(seconds=20)


@dataclass
class _Quotas:
    """The keys in force, read from time to time."""

    by_digest: dict[str, int] = field(default_factory=dict)
    read_at: float | None = None

    def of(self, key: str) -> int | None:
        """Return a key's units a minute, None if it opens nothing."""
        now = time.monotonic()
        if self.read_at is None or now - self.read_at > _KEYS_ARE_READ_EVERY.total_seconds():
            # We stand outside of Django's own care for connections.
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            try:
                self.by_digest = keys.quotas(on=timezone.localdate())
            except DatabaseError as trouble:
                logger.warning("access keys not read: %s", trouble)
            self.read_at = now
        return self.by_digest.get(keys.digest_of(key))


class Limited:
    """Pass on what is within the caller's limit; answer 429 to the rest, and 401 to no key."""

    def __init__(
        self,
        application: Application,
        counters: Counters,
        *,
        units_per_minute: int,
        is_behind_proxy: bool,
    ) -> None:
        self._application = application
        self._counters = counters
        self._units_per_minute = units_per_minute
        self._is_behind_proxy = is_behind_proxy
        self._quotas = _Quotas()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, or say when to come again."""
        path = environ.get("PATH_INFO", "")
        cost = next((c for prefix, c in COSTS if path.startswith(prefix)), USUAL_COST)
        if not cost:
            return self._application(environ, start_response)
        address = address_group(caller_address(environ, is_behind_proxy=self._is_behind_proxy))
        name, limit = address, self._units_per_minute
        key = key_of(environ)
        is_known = True
        if key:
            quota = self._quotas.of(key)
            is_known = quota is not None
            if quota is not None:
                name, limit = keys.digest_of(key), quota
        # A wrong key is counted by address, or guessing keys would cost nothing.
        wait_s = self._counters.spend(name.encode(), cost, limit=limit, now=time.time())
        if wait_s:
            after = whole_seconds(wait_s)
            headers = [("Retry-After", str(after))]
            return _refuse(environ, start_response, "429 Too Many Requests", headers, seconds=after)
        if not is_known:
            headers = [("WWW-Authenticate", "ApiKey")]
            return _refuse(environ, start_response, "401 Unauthorized", headers)
        return self._application(environ, start_response)


def key_of(environ: Environ) -> str:
    """Return the key that a request carries, "" without one."""
    given = environ.get(KEY_HEADER, "")
    if not given and f"{KEY_PARAMETER}=" in (query := environ.get("QUERY_STRING", "")):
        pairs = parse_qsl(query, max_num_fields=200) if query.count("&") < 200 else []
        given = next((value for name, value in pairs if name == KEY_PARAMETER), "")
    return str(given)


def address_group(address: str) -> str:
    """Return what is counted as one caller: an IPv4 address, a /64 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)).network_address)
    return address


def _refuse(
    environ: Environ,
    start_response: Callable[..., Any],
    status: str,
    extra: list[tuple[str, str]],
    **values: Any,
) -> Iterable[bytes]:
    code = "too_many_requests" if status.startswith("429") else "key_unknown"
    content_type, text = _report(environ.get("PATH_INFO", ""), int(status[:3]), code, values)
    body = text.encode()
    headers = Headers(
        [
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            *extra,
        ]
    )
    start_response(status, headers.items())
    return [body] if environ.get("REQUEST_METHOD") != "HEAD" else []


def _report(path: str, status: int, code: str, values: dict[str, Any]) -> tuple[str, str]:
    """Return media type and text in the way of the service that was asked, in both languages."""
    sentences = {}
    for language in ("vi", "en"):
        with override(language):
            sentences[language] = gettext(f"error.{code}") % values
            title = gettext(f"error.status.{status}")
    both = f"{sentences['vi']} / {sentences['en']}"
    # Our own words: nothing in them needs escaping.
    if path.startswith("/wms"):
        return "text/xml; charset=utf-8", _SERVICE_EXCEPTION.format(text=both)
    if path.startswith("/wfs"):
        return "application/xml; charset=utf-8", _OWS_EXCEPTION.format(version="2.0.0", text=both)
    if path.startswith("/wmts"):
        return "application/xml; charset=utf-8", _OWS_EXCEPTION.format(version="1.1.0", text=both)
    problem = {
        "type": "about:blank",
        "status": status,
        "code": code,
        "title": title,
        "detail": both,
        "values": values,
    }
    return "application/problem+json", json.dumps(problem, ensure_ascii=False)


_SERVICE_EXCEPTION = """<?xml version="1.0" encoding="UTF-8"?>
<ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc">
  <ServiceException>{text}</ServiceException>
</ServiceExceptionReport>
"""
_OWS_EXCEPTION = """<?xml version="1.0" encoding="UTF-8"?>
<ExceptionReport version="{version}" xmlns="http://www.opengis.net/ows/1.1">
  <Exception exceptionCode="NoApplicableCode">
    <ExceptionText>{text}</ExceptionText>
  </Exception>
</ExceptionReport>
"""
