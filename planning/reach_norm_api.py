"""The check of a plan against norms of services over HTTP, and the circumstances of its zones."""

from __future__ import annotations

import uuid  # noqa: TC003  # ninja reads annotations
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse  # noqa: TC002  # ninja reads annotations
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.security import django_auth
from pydantic import ConfigDict, Field

from landdata.errors import Missing
from planning.draft_answers import as_json, user_of
from planning.models import DraftZone, PlanVersion, Zone, ZoneCircumstance
from planning.norms.circumstances import SIDES, Circumstance
from planning.operations.circumstances import say_circumstance
from planning.permissions import conflicts_open_to, drafts_open_to
from planning.reach_norm_check import norm_check_values

router = Router(tags=["reach"], auth=django_auth)

Plan = Annotated[int, Query(ge=1, description="Plan version, a draft or in force.")]


class Said(Schema):
    """What is known of the area of a zone; what is empty is not known."""

    model_config = ConfigDict(extra="forbid")

    development: Literal["", "new", "existing"] = ""
    terrain: Literal["", "plain", "complex", "mountain"] = ""
    setting: Literal["", "urban", "rural"] = ""
    place: Literal["", "centre", "elsewhere"] = ""
    source: Annotated[str, Field(max_length=2000)] = ""


@router.get("/reach/norms", url_name="reach-norms")
def norms(request: HttpRequest, draft: Plan) -> HttpResponse:
    """Return every row of the table of services with what it came to for a plan."""
    on = timezone.localdate()
    if not conflicts_open_to(user_of(request), draft, on=on):
        raise Missing("draft", id=draft)
    version = PlanVersion.objects.select_related("plan").get(pk=draft)
    return as_json(norm_check_values(version, on=on))


@router.get("/reach/zones/{uuid:zone}/circumstance", url_name="reach-circumstance")
def circumstance(request: HttpRequest, zone: uuid.UUID) -> HttpResponse:
    """Return what was said of the area of a zone, the newest first."""
    open_to = drafts_open_to(user_of(request), on=timezone.localdate())
    is_open = (
        DraftZone.objects.filter(uid=zone, version_of__in=open_to).exists()
        or Zone.objects.known_now().filter(uid=zone).exists()
    )
    if not is_open:
        raise Missing("zone", id=str(zone))
    rows = ZoneCircumstance.objects.filter(zone_uid=zone).select_related("by").order_by("-pk")
    return as_json({"zone": zone, "said": [_values(row) for row in rows]})


@router.post("/reach/zones/{uuid:zone}/circumstance", url_name="reach-circumstance")
def say(request: HttpRequest, zone: uuid.UUID, body: Said) -> HttpResponse:
    """Say what kind of area a zone lies in; nothing known takes back what was said."""
    known = Circumstance(body.development, body.terrain, body.setting, body.place)
    row = say_circumstance(
        zone=zone,
        known=known,
        source=body.source,
        by=user_of(request),
        on=timezone.localdate(),
    )
    return as_json(_values(row))


def _values(row: ZoneCircumstance) -> dict[str, Any]:
    return {
        **{side: getattr(row, side) for side in SIDES},
        "source": row.source,
        "by": row.by.full_name or row.by.username,
        "at": row.at,
    }
