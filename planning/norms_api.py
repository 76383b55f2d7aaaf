"""The check of a draft against the planning norms, over HTTP."""

from __future__ import annotations

import uuid  # noqa: TC003  # ninja reads annotations at run time
from typing import Annotated

from django.http import HttpRequest, HttpResponse  # noqa: TC002  # ninja reads them at run time
from ninja import Query, Router

from planning.draft_answers import as_json, draft_of
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
    return as_json(norm_values(draft_of(request, draft), zones=zone, states=state))
