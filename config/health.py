"""Whether the installation can answer: asked by the supervisor and by monitoring."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import DatabaseError, connections
from django.http import JsonResponse

from config.selfcheck import LIMIT_M, largest_offset_m
from landdata.models import PublicRevision

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 while public data can be read and coordinates are right, else 503."""
    try:
        newest = PublicRevision.objects.order_by("-number").values_list("number", flat=True).first()
        offset_m = largest_offset_m(connections["public"])
    except DatabaseError:
        logger.exception("health: the public database does not answer")
        return JsonResponse({"healthy": False, "reason": "database"}, status=503)
    if offset_m > LIMIT_M:
        logger.error("health: coordinates are %.3f m off", offset_m)
        return JsonResponse({"healthy": False, "reason": "coordinates"}, status=503)
    return JsonResponse({"healthy": True, "revision": newest or 0})
