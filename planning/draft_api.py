"""Drafts over HTTP: reading, editing, history, and who else is there."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
import zlib
from typing import TYPE_CHECKING, Annotated, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Query, Router
from ninja.errors import HttpError
from ninja.security import django_auth

from accounts.models import User
from landdata.errors import Invalid, Missing
from planning import draft_queries as queries
from planning.draft_schemas import (  # noqa: TC001  # ninja reads annotations at run time
    AdjustmentRequest,
    ApprovalRequest,
    EditRequest,
    Presence,
    UndoRequest,
    VariantRequest,
)
from planning.editing.as_values import fault_row_values, state_values, surface
from planning.editing.reading import read_surface
from planning.editing.records import WRITTEN_FIELDS, Change, Edit, Outcome
from planning.models import Adjustment, DraftEdit, DraftZoneState, PlanVersion
from planning.norms_api import router as norms_router
from planning.operations.adjustments import AdjustmentPlan, begin_adjustment
from planning.operations.draft_chain import verify_history
from planning.operations.draft_company import keep_variant, note_presence, withdraw_variant
from planning.operations.draft_edits import check_edit, edit_draft, undo_edit
from planning.operations.draft_faults import fault_values
from planning.operations.draft_repairs import ways_for
from planning.operations.drafts import Decision, approve_plan_version
from planning.operations.publication import publish_plan_version
from planning.permissions import edits_if_open
from planning.topology import OVERLAP_M2

if TYPE_CHECKING:
    from django.contrib.gis.geos import MultiPolygon

router = Router(tags=["drafts"], auth=django_auth)
router.add_router("", norms_router)

IfMatch = Annotated[str | None, Header(alias="If-Match", description='State seen: "e17".')]
Key = Annotated[str | None, Header(alias="Idempotency-Key", description="A UUID.")]
#: Of this caller only, and asked for every time.
MINE = "private, no-cache"
_ETAG = re.compile(r'(?:W/)?"e(\d{1,9})"')


@router.get("/drafts", url_name="drafts")
def drafts(request: HttpRequest) -> HttpResponse:
    """List the drafts that are open to the caller."""
    today, user = timezone.localdate(), _user(request)
    found = queries.drafts_of(user, on=today)
    return _json({"drafts": [queries.brief_values(one, user, on=today) for one in found]})


@router.post("/plans/{code}/drafts", url_name="draft-begin")
def begin(request: HttpRequest, code: str, body: AdjustmentRequest) -> HttpResponse:
    """Begin an adjustment of a plan with the zones that are in force."""
    today, user = timezone.localdate(), _user(request)
    adjustment = AdjustmentPlan(
        kind=Adjustment(body.adjustment),
        name_vi=body.name_vi,
        name_en=body.name_en or body.name_vi,
        valid_from=body.valid_from,
        extent=None if body.extent is None else read_surface(body.extent),
    )
    version = begin_adjustment(plan_code=code, adjustment=adjustment, by=user, on=today)
    (made,) = (v for v in queries.drafts_of(user, on=today, code=code) if v.pk == version.pk)
    return _json(queries.brief_values(made, user, on=today), status=201, edit=version.edits)


@router.get("/drafts/{int:draft}", url_name="draft")
def describe(request: HttpRequest, draft: int) -> HttpResponse:
    """Describe a draft: its ground, functions, tolerance, and who is asking."""
    version = _draft(request, draft)
    values = queries.description_values(
        version,
        _user(request),
        on=timezone.localdate(),
        epsg=settings.STORAGE_EPSG,
        tolerance_m2=OVERLAP_M2,
    )
    return _json(values, edit=version.edits)


@router.get("/drafts/{int:draft}/zones", url_name="draft-zones")
def zones(
    request: HttpRequest,
    draft: int,
    bbox: Annotated[str | None, Query(description="west,south,east,north in metres")] = None,
    geometry: Annotated[str, Query(pattern="^(yes|no)$")] = "yes",
) -> HttpResponse:
    """Return zones of a draft, those of a box or all; with their boundaries or without."""
    version = _draft(request, draft)
    found, is_cut = queries.zones_text(version, box=_box(bbox), is_drawn=geometry == "yes")
    head = f'{{"edit":{version.edits},"is_cut":{json.dumps(is_cut)},"zones":['
    return _text(head + ",".join(found) + "]}", edit=version.edits)


@router.post("/drafts/{int:draft}/edits", url_name="draft-edits")
def edit(
    request: HttpRequest, draft: int, body: EditRequest, if_match: IfMatch = None, key: Key = None
) -> HttpResponse:
    """Change zones of a draft: all of it or nothing. The same key again changes nothing more."""
    _seen(if_match)
    outcome = edit_draft(
        version_id=draft,
        edit=_edit(request, body, key),
        by=_user(request),
        on=timezone.localdate(),
    )
    return _outcome(request, outcome)


@router.post("/drafts/{int:draft}/check", url_name="draft-check")
def check(request: HttpRequest, draft: int, body: EditRequest) -> HttpResponse:
    """Say which faults an edit would open and solve; nothing changes."""
    _draft(request, draft)
    faults = check_edit(
        version_id=draft, edit=_edit(request, body, str(uuid.uuid4())), by=_user(request)
    )
    return _json(
        {
            "faults": [fault_values(fault) for fault in faults.come],
            "opened": [fault_values(fault) for fault in faults.refused or faults.worsened],
            "solved": [str(row.key) for row in faults.gone],
        }
    )


@router.post("/drafts/{int:draft}/edits/{int:number}/undo", url_name="draft-undo")
def undo(
    request: HttpRequest,
    draft: int,
    number: int,
    body: UndoRequest,
    if_match: IfMatch = None,
    key: Key = None,
) -> HttpResponse:
    """Take back an edit by another one. To redo, undo that one."""
    _seen(if_match)
    asked = Edit(
        action="undo",
        changes=(),
        why=body.why,
        accept=body.accept or "",
        key=_key(key),
        digest=_digest(request),
    )
    outcome = undo_edit(
        version_id=draft, number=number, edit=asked, by=_user(request), on=timezone.localdate()
    )
    return _outcome(request, outcome)


@router.get("/drafts/{int:draft}/edits", url_name="draft-edits")
def history(
    request: HttpRequest,
    draft: int,
    before: Annotated[int | None, Query(ge=1)] = None,
    zone: uuid.UUID | None = None,
    mine: bool = False,
    limit: Annotated[int, Query(ge=1, le=queries.MOST_EDITS)] = 50,
) -> HttpResponse:
    """Return the history of a draft or of one zone, the newest edit first."""
    version = _draft(request, draft)
    found = queries.edits_values(
        version, _user(request), before=before, zone=zone, is_mine=mine, most=limit
    )
    return _json({"edits": found}, edit=version.edits)


@router.get("/drafts/{int:draft}/edits/{int:number}", url_name="draft-edit")
def one_edit(request: HttpRequest, draft: int, number: int) -> HttpResponse:
    """Return an edit with each zone before and after it."""
    version = _draft(request, draft)
    found = DraftEdit.objects.filter(version_of=version, number=number).first()
    if found is None:
        raise Missing("draft_edit", number=number)
    (brief,) = queries.edit_values([found], _user(request))
    after = list(DraftZoneState.objects.filter(edit=found).order_by("uid")[: queries.MOST_DRAWN])
    earlier = DraftZoneState.objects.filter(
        version_of=version, uid__in=[state.uid for state in after], edit__number__lt=number
    )
    before = {s.uid: s for s in earlier.order_by("uid", "-version").distinct("uid")}
    changes = [
        {
            "uid": str(state.uid),
            "before": _state(before.get(state.uid)),
            "after": _state(state),
        }
        for state in after
    ]
    return _json({**brief, "changes": changes})


@router.get("/drafts/{int:draft}/news", url_name="draft-news")
def news(
    request: HttpRequest, draft: int, since: Annotated[int, Query(ge=0, le=2_147_483_647)]
) -> HttpResponse:
    """Return what changed after edit `since`, and who is here; 304 while nothing changes."""
    user = _user(request)
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
    version = _draft(request, draft)
    found = queries.news_since(version, user, since)
    rest = {
        "edit": version.edits,
        "edits": found.edits,
        "removed": found.removed,
        "must_reload": found.must_reload,
        "people": people,
    }
    body = f'{_written(rest)[:-1]},"zones":[{",".join(found.zones)}]}}'
    answer = _text(body)
    # Of an edit in between the next poll tells: this answer is marked with what was seen before.
    answer["ETag"] = tag
    return answer


@router.put("/drafts/{int:draft}/presence", url_name="draft-presence")
def presence(request: HttpRequest, draft: int, body: Presence) -> HttpResponse:
    """Say where the caller works; others see it for half a minute."""
    version = _draft(request, draft)
    note_presence(version=version, by=_user(request), place=body.at, zone=body.zone)
    return HttpResponse(status=204)


@router.get("/drafts/{int:draft}/faults", url_name="draft-faults")
def faults(request: HttpRequest, draft: int) -> HttpResponse:
    """Return all faults that a draft has now, the largest first."""
    version = _draft(request, draft)
    rows = version.faults.select_related("opened_by").order_by("-area_m2", "key")
    return _json({"edit": version.edits, "faults": [fault_row_values(r) for r in rows]})


@router.post("/drafts/{int:draft}/faults/{uuid:fault}/ways", url_name="draft-fault-ways")
def ways(request: HttpRequest, draft: int, fault: uuid.UUID) -> HttpResponse:
    """Propose ways to repair a fault; nothing changes until one is sent as an edit."""
    version = _draft(request, draft)
    return _json({"ways": ways_for(version, fault)})


@router.get("/drafts/{int:draft}/variants", url_name="draft-variants")
def variants(request: HttpRequest, draft: int) -> HttpResponse:
    """Return the drawings that are kept beside zones."""
    version = _draft(request, draft)
    rows = version.variants.filter(withdrawn_at=None).select_related("by").order_by("pk")
    return _json(
        {
            "variants": [
                {
                    "id": row.pk,
                    "uid": str(row.uid),
                    "by": row.by.full_name or row.by.username,
                    "at": row.at,
                    "why": row.why,
                    "state": {
                        "version": 0,
                        **{name: getattr(row, name) for name in WRITTEN_FIELDS},
                        "boundary": surface(row.boundary),
                    },
                }
                for row in rows
            ]
        }
    )


@router.post("/drafts/{int:draft}/variants", url_name="draft-variants")
def keep(request: HttpRequest, draft: int, body: VariantRequest) -> HttpResponse:
    """Keep a drawing beside the zone's own."""
    row = keep_variant(
        version=_draft(request, draft),
        uid=body.uid,
        boundary=read_surface(body.boundary),
        content=body.content.written() if body.content else {},
        why=body.why,
        by=_user(request),
        on=timezone.localdate(),
    )
    return _json({"id": row.pk}, status=201)


@router.delete("/drafts/{int:draft}/variants/{int:variant}", url_name="draft-variant")
def withdraw(request: HttpRequest, draft: int, variant: int) -> HttpResponse:
    """Take a kept drawing off the list."""
    withdraw_variant(
        version=_draft(request, draft),
        variant_id=variant,
        by=_user(request),
        on=timezone.localdate(),
    )
    return HttpResponse(status=204)


@router.get("/drafts/{int:draft}/ground", url_name="draft-ground")
def ground(
    request: HttpRequest,
    draft: int,
    bbox: Annotated[str, Query(description="west,south,east,north in metres")],
    of: str = "parcels,lines,zones",
) -> HttpResponse:
    """Return parcels, control lines and zones in force, to snap to and to copy."""
    _draft(request, draft)
    box = _box(bbox)
    names = {"parcels": "parcel", "lines": "line", "zones": "zone"}
    kinds = [names[word] for word in of.split(",") if word in names]
    if box is None or not kinds:
        raise Invalid("box_unreadable")
    found, is_cut = queries.ground_text(kinds, box)
    return _text(f'{{"is_cut":{json.dumps(is_cut)},"features":[{",".join(found)}]}}')


@router.post("/drafts/{int:draft}/approval", url_name="draft-approval")
def approve(request: HttpRequest, draft: int, body: ApprovalRequest) -> HttpResponse:
    """Approve a draft: from here on it no longer changes."""
    _draft(request, draft)
    today = timezone.localdate()
    decision = None
    if body.decision_number is not None:
        decision = Decision(body.decision_number, body.decision_date or today)
    version = approve_plan_version(version_id=draft, by=_user(request), on=today, decision=decision)
    return _json({"status": version.status}, edit=version.edits)


@router.post("/drafts/{int:draft}/publication", url_name="draft-publication")
def publish(request: HttpRequest, draft: int) -> HttpResponse:
    """Put an approved draft into force; answers with the revision from which on it is known."""
    _draft(request, draft)
    revision = publish_plan_version(version_id=draft, by=_user(request), on=timezone.localdate())
    return _json({"revision": revision.number})


@router.get("/drafts/{int:draft}/verification", url_name="draft-verification")
def verification(request: HttpRequest, draft: int) -> HttpResponse:
    """Check the chain of edits, from the first to the last."""
    verdict = verify_history(_draft(request, draft))
    return _json(
        {
            "is_intact": verdict.is_intact,
            "edits": verdict.edits,
            "head": verdict.head,
            "first_fault": verdict.first_fault,
            "trouble": verdict.trouble,
        }
    )


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("django_auth lets in nobody else")
    return request.user


def _draft(request: HttpRequest, draft: int) -> PlanVersion:
    return queries.draft_open_to(_user(request), draft, on=timezone.localdate())


def _seen(if_match: str | None) -> int:
    """Return the number of the edit that the caller saw last."""
    if if_match is None:
        # RFC 6585: the planner could overwrite what another one drew.
        raise HttpError(428, "state_not_named")
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Invalid("state_unreadable", given=if_match[:40])
    return int(found[1])


def _key(key: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(key or "")
    except ValueError as unreadable:
        raise Invalid("key_unreadable") from unreadable


def _digest(request: HttpRequest) -> bytes:
    return hashlib.sha256(request.path.encode() + b"\0" + request.body).digest()


def _edit(request: HttpRequest, body: EditRequest, key: str | None) -> Edit:
    changes = tuple(
        Change(
            uid=change.uid,
            based_on=change.based_on,
            boundary=None if change.boundary is None else read_surface(change.boundary),
            content=change.content.written() if change.content else {},
            is_removed=change.is_removed,
        )
        for change in body.changes
    )
    return Edit(
        action=body.action,
        changes=changes,
        why=body.why,
        accept=body.accept or "",
        key=_key(key),
        digest=_digest(request),
    )


def _outcome(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    (brief,) = queries.edit_values([outcome.edit], _user(request))
    values = {
        "edit": brief,
        "zones": [
            _zone(state, state.boundary) for state in outcome.states if state.boundary is not None
        ],
        "removed": [str(state.uid) for state in outcome.states if state.boundary is None],
        "opened": [fault_row_values(row) for row in outcome.opened],
        "solved": [str(key) for key in outcome.solved],
    }
    return _json(values, status=201, edit=outcome.edit.number)


def _zone(state: DraftZoneState, boundary: MultiPolygon) -> dict[str, Any]:
    """Return a zone as the edit left it; its area and box are those of the boundary."""
    west, south, east, north = boundary.extent
    return {
        "uid": str(state.uid),
        **state_values(state),
        "area_m2": boundary.area,
        "box": [west, south, east, north],
    }


def _state(state: DraftZoneState | None) -> dict[str, Any] | None:
    return None if state is None or state.boundary is None else state_values(state)


def _box(text: str | None) -> queries.Box | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as unreadable:
        raise Invalid("box_unreadable") from unreadable
    if not -1e8 < west <= east < 1e8 or not -1e8 < south <= north < 1e8:
        raise Invalid("box_unreadable")
    return west, south, east, north


def _written(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, cls=DjangoJSONEncoder)


def _json(values: Any, *, status: int = 200, edit: int | None = None) -> HttpResponse:
    return _text(_written(values), status=status, edit=edit)


def _text(body: str, *, status: int = 200, edit: int | None = None) -> HttpResponse:
    answer = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    answer["Cache-Control"] = MINE
    if edit is not None:
        answer["ETag"] = f'"e{edit}"'
    return answer
