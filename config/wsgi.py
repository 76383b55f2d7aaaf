"""The WSGI application: GeoDjango leaks a GEOS handle per request under ASGI."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from config.settling import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_django = get_wsgi_application()


def _refuse_wrong_coordinates() -> None:
    from django.db import connections

    from config.selfcheck import LIMIT_M, largest_offset_m

    offset_m = largest_offset_m(connections["public"])
    connections["public"].close()
    if offset_m > LIMIT_M:
        raise ImproperlyConfigured(
            f"Toạ độ VN-2000 lệch {offset_m:.3f} m, không phục vụ. "
            f"VN-2000 coordinates are {offset_m:.3f} m off: not serving."
        )


_refuse_wrong_coordinates()


def _kept_first() -> Any:
    from tileserver.fast import KeptAnswers
    from tileserver.fast_routes import ROUTES

    return KeptAnswers(_django, ROUTES)


def _within_limits(application: Any) -> Any:
    if not settings.REQUEST_UNITS_PER_MINUTE:
        return application
    from config.counters import Counters
    from config.limits import Limited

    return Limited(
        application,
        Counters(settings.VAR / "run" / "requests.bin"),
        units_per_minute=settings.REQUEST_UNITS_PER_MINUTE,
        is_behind_proxy=settings.BEHIND_PROXY,
    )


def _listen_for_changes() -> None:
    from tileserver import listening

    listening.start()


application = _within_limits(_kept_first())
_listen_for_changes()
settle()
