"""The check of a draft against the planning norms, over HTTP."""

from __future__ import annotations

import json
import uuid  # noqa: TC003  # ninja reads annotations at run time
from typing import Annotated

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from accounts.models import User
from planning.draft_queries import draft_open_to
from planning.norm_queries import norm_values
from planning.norms import State

router = Router()

_ALL_ZONES: list[uuid.UUID] = []
_ALL_STATES = list(State)


@router.get("/drafts/{int:draft}/norms", url_name="draft-norms")
def norms(
    request: HttpRequest,
    draft: int,
    zone: Annotated[
        list[uuid.UUID], Query(max_length=500, description="Only these zones.")
    ] = _ALL_ZONES,
    state: Annotated[list[State], Query(description="Only findings like these.")] = _ALL_STATES,
) -> HttpResponse:
    """Say which planning norms zones meet, which not, and which cannot be decided."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("django_auth lets in nobody else")
    version = draft_open_to(user, draft, on=timezone.localdate())
    values = norm_values(version, zones=zone, states=state)
    answer = HttpResponse(
        json.dumps(values, ensure_ascii=False, cls=DjangoJSONEncoder),
        content_type="application/json; charset=utf-8",
    )
    answer["Cache-Control"] = "private, no-cache"
    return answer
