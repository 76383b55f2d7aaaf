"""Ways out of conflicts over HTTP."""

from __future__ import annotations

import uuid  # noqa: TC003  # ninja reads annotations at run time

from django.http import HttpRequest, HttpResponse  # noqa: TC002
from django.utils import timezone
from ninja import Router
from ninja.security import django_auth

from planning.conflict_queries import open_conflict
from planning.draft_answers import as_json, user_of
from planning.operations.conflict_ways import ways_for

router = Router(tags=["conflicts"], auth=django_auth)


@router.post("/conflicts/{uuidstr:key}/ways", url_name="conflict-ways")
def ways(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Propose ways out of a conflict of a draft; nothing changes until one is sent as an edit."""
    conflict = open_conflict(user_of(request), key, on=timezone.localdate())
    return as_json({"ways": ways_for(conflict)})
