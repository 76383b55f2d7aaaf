"""Drafts over HTTP: which there are, what is in them, what is wrong, and who else is there."""

from __future__ import annotations

import json
import uuid  # noqa: TC003  # ninja reads annotations at run time
import zlib
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router
from ninja.security import django_auth

from landdata.errors import Invalid, Missing
from planning import draft_queries as queries
from planning.draft_answers import MINE, as_json, as_text, box_in, draft_of, user_of, written
from planning.draft_edit_api import router as edit_router
from planning.draft_schemas import (  # noqa: TC001  # ninja reads annotations at run time
    AdjustmentRequest,
    ApprovalRequest,
    Presence,
)
from planning.editing.as_values import fault_row_values
from planning.editing.reading import read_surface
from planning.models import Adjustment
from planning.norms_api import router as norms_router
from planning.operations.adjustments import AdjustmentPlan, begin_adjustment
from planning.operations.draft_chain import verify_history
from planning.operations.draft_company import note_presence
from planning.operations.draft_repairs import ways_for
from planning.operations.drafts import Decision, approve_plan_version
from planning.operations.publication import publish_plan_version
from planning.permissions import edits_if_open
from planning.topology import OVERLAP_M2

router = Router(tags=["drafts"], auth=django_auth)
router.add_router("", edit_router)
router.add_router("", norms_router)


@router.get("/drafts", url_name="drafts")
def drafts(request: HttpRequest) -> HttpResponse:
    """List the drafts that are open to the caller."""
    today, user = timezone.localdate(), user_of(request)
    found = queries.drafts_of(user, on=today)
    return as_json({"drafts": [queries.brief_values(one, user, on=today) for one in found]})


@router.post("/plans/{code}/drafts", url_name="draft-begin")
def begin(request: HttpRequest, code: str, body: AdjustmentRequest) -> HttpResponse:
    """Begin an adjustment of a plan with the zones that are in force."""
    today, user = timezone.localdate(), user_of(request)
    adjustment = AdjustmentPlan(
        kind=Adjustment(body.adjustment),
        name_vi=body.name_vi,
        name_en=body.name_en or body.name_vi,
        valid_from=body.valid_from,
        extent=None if body.extent is None else read_surface(body.extent),
    )
    version = begin_adjustment(plan_code=code, adjustment=adjustment, by=user, on=today)
    (made,) = (v for v in queries.drafts_of(user, on=today, code=code) if v.pk == version.pk)
    return as_json(queries.brief_values(made, user, on=today), status=201, edit=version.edits)


@router.get("/drafts/{int:draft}", url_name="draft")
def describe(request: HttpRequest, draft: int) -> HttpResponse:
    """Describe a draft: its ground, functions, tolerance, and who is asking."""
    version = draft_of(request, draft)
    values = queries.description_values(
        version,
        user_of(request),
        on=timezone.localdate(),
        epsg=settings.STORAGE_EPSG,
        tolerance_m2=OVERLAP_M2,
    )
    return as_json(values, edit=version.edits)


@router.get("/drafts/{int:draft}/zones", url_name="draft-zones")
def zones(
    request: HttpRequest,
    draft: int,
    bbox: Annotated[str | None, Query(description="west,south,east,north in metres")] = None,
    geometry: Annotated[str, Query(pattern="^(yes|no)$")] = "yes",
) -> HttpResponse:
    """Return zones of a draft, those of a box or all; with their boundaries or without."""
    version = draft_of(request, draft)
    found, is_cut = queries.zones_text(version, box=box_in(bbox), is_drawn=geometry == "yes")
    head = f'{{"edit":{version.edits},"is_cut":{json.dumps(is_cut)},"zones":['
    return as_text(head + ",".join(found) + "]}", edit=version.edits)


@router.get("/drafts/{int:draft}/news", url_name="draft-news")
def news(
    request: HttpRequest, draft: int, since: Annotated[int, Query(ge=0, le=2_147_483_647)]
) -> HttpResponse:
    """Return what changed after edit `since`, and who is here; 304 while nothing changes."""
    user = user_of(request)
    edits = edits_if_open(draft, user, on=timezone.localdate())
    if edits is None:
        raise Missing("draft", id=draft)
    people = queries.people_at(draft, user)
    here = [{**person, "seen_s": 0} for person in people]
    mark = zlib.crc32(json.dumps(here).encode())
    tag = f'"e{edits}-{since}-{mark:08x}"'
    if request.headers.get("If-None-Match") == tag:
        unchanged = HttpResponse(status=304)
        unchanged["ETag"], unchanged["Cache-Control"] = tag, MINE
        return unchanged
    version = draft_of(request, draft)
    found = queries.news_since(version, user, since)
    rest = {
        "edit": version.edits,
        "edits": found.edits,
        "removed": found.removed,
        "must_reload": found.must_reload,
        "people": people,
    }
    body = f'{written(rest)[:-1]},"zones":[{",".join(found.zones)}]}}'
    answer = as_text(body)
    # Of an edit in between the next poll tells: this answer is marked with what was seen before.
    answer["ETag"] = tag
    return answer


@router.put("/drafts/{int:draft}/presence", url_name="draft-presence")
def presence(request: HttpRequest, draft: int, body: Presence) -> HttpResponse:
    """Say where the caller works; others see it for half a minute."""
    version = draft_of(request, draft)
    note_presence(version=version, by=user_of(request), place=body.at, zone=body.zone)
    return HttpResponse(status=204)


@router.get("/drafts/{int:draft}/faults", url_name="draft-faults")
def faults(request: HttpRequest, draft: int) -> HttpResponse:
    """Return all faults that a draft has now, the largest first."""
    version = draft_of(request, draft)
    rows = version.faults.select_related("opened_by").order_by("-area_m2", "key")
    return as_json({"edit": version.edits, "faults": [fault_row_values(r) for r in rows]})


@router.post("/drafts/{int:draft}/faults/{uuid:fault}/ways", url_name="draft-fault-ways")
def ways(request: HttpRequest, draft: int, fault: uuid.UUID) -> HttpResponse:
    """Propose ways to repair a fault; nothing changes until one is sent as an edit."""
    version = draft_of(request, draft)
    return as_json({"ways": ways_for(version, fault)})


@router.get("/drafts/{int:draft}/ground", url_name="draft-ground")
def ground(
    request: HttpRequest,
    draft: int,
    bbox: Annotated[str, Query(description="west,south,east,north in metres")],
    of: str = "parcels,lines,zones",
) -> HttpResponse:
    """Return parcels, control lines and zones in force, to snap to and to copy."""
    draft_of(request, draft)
    box = box_in(bbox)
    names = {"parcels": "parcel", "lines": "line", "zones": "zone"}
    kinds = [names[word] for word in of.split(",") if word in names]
    if box is None or not kinds:
        raise Invalid("box_unreadable")
    found, is_cut = queries.ground_text(kinds, box)
    return as_text(f'{{"is_cut":{json.dumps(is_cut)},"features":[{",".join(found)}]}}')


@router.post("/drafts/{int:draft}/approval", url_name="draft-approval")
def approve(request: HttpRequest, draft: int, body: ApprovalRequest) -> HttpResponse:
    """Approve a draft: from here on it no longer changes."""
    draft_of(request, draft)
    today = timezone.localdate()
    decision = None
    if body.decision_number is not None:
        decision = Decision(body.decision_number, body.decision_date or today)
    version = approve_plan_version(
        version_id=draft, by=user_of(request), on=today, decision=decision
    )
    return as_json({"status": version.status}, edit=version.edits)


@router.post("/drafts/{int:draft}/publication", url_name="draft-publication")
def publish(request: HttpRequest, draft: int) -> HttpResponse:
    """Put an approved draft into force; answers with the revision from which on it is known."""
    draft_of(request, draft)
    revision = publish_plan_version(version_id=draft, by=user_of(request), on=timezone.localdate())
    return as_json({"revision": revision.number})


@router.get("/drafts/{int:draft}/verification", url_name="draft-verification")
def verification(request: HttpRequest, draft: int) -> HttpResponse:
    """Check the chain of edits, from the first to the last."""
    verdict = verify_history(draft_of(request, draft))
    return as_json(
        {
            "is_intact": verdict.is_intact,
            "edits": verdict.edits,
            "head": verdict.head,
            "first_fault": verdict.first_fault,
            "trouble": verdict.trouble,
        }
    )
