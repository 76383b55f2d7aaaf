"""What everybody is told of conflicts in numbers, over HTTP."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse  # noqa: TC002  # ninja reads annotations
from django.utils import timezone
from ninja import Query, Router

from planning.conflict_summaries import summary_values
from planning.draft_answers import as_json

router = Router(tags=["conflicts"])


@router.get("/conflict-summary", url_name="conflict-summary")
def summary(
    request: HttpRequest,
    plan: Annotated[str, Query(max_length=40, description="Code of a plan; default all.")] = "",
) -> HttpResponse:
    """Return numbers by rule: of plans in force, and of drafts whose summary was released."""
    return as_json(summary_values(plan.strip(), on=timezone.localdate()))
