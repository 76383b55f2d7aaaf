"""Every address that the resolver knows, written as in `request.resolver_match.route`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Address:
    """One pattern of the URL configuration."""

    route: str
    view: Callable[..., Any]
    #: Parameter name → Django's converter name (int, str, uuid …).
    parameters: dict[str, str]


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[Address]:
    """Yield every address below `resolver` (default: all), in the order in which they are tried."""
    for pattern in (resolver or get_resolver()).url_patterns:
        # Joined as URLResolver does it, which drops the caret of a nested regular expression.
        own = str(pattern.pattern)
        route = before + own.removeprefix("^") if before else own
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        elif isinstance(pattern, URLPattern):
            converters = pattern.pattern.converters
            yield Address(
                route,
                pattern.callback,
                {name: type(it).__name__ for name, it in converters.items()},
            )
