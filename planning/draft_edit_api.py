"""Changing drafts over HTTP: edits, their history, and variants."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Query, Router
from ninja.errors import HttpError
from ninja.security import django_auth

from landdata.errors import Invalid, Missing
from planning import draft_queries as queries
from planning.draft_answers import as_json, draft_of, user_of
from planning.draft_schemas import (  # noqa: TC001  # ninja reads annotations at run time
    EditRequest,
    UndoRequest,
    VariantRequest,
)
from planning.editing.as_values import fault_row_values, state_values, surface
from planning.editing.reading import read_surface
from planning.editing.records import WRITTEN_FIELDS, Change, Edit, Outcome
from planning.models import DraftEdit, DraftZoneState
from planning.operations.draft_company import keep_variant, withdraw_variant
from planning.operations.draft_edits import check_edit, edit_draft, undo_edit
from planning.operations.draft_faults import fault_values

if TYPE_CHECKING:
    from django.contrib.gis.geos import MultiPolygon

router = Router(tags=["drafts"], auth=django_auth)

IfMatch = Annotated[str | None, Header(alias="If-Match", description='State seen: "e17".')]
Key = Annotated[str | None, Header(alias="Idempotency-Key", description="A UUID.")]
_ETAG = re.compile(r'(?:W/)?"e(\d{1,9})"')


@router.post("/drafts/{int:draft}/edits", url_name="draft-edits")
def edit(
    request: HttpRequest, draft: int, body: EditRequest, if_match: IfMatch = None, key: Key = None
) -> HttpResponse:
    """Change zones of a draft: all of it or nothing. The same key again changes nothing more."""
    outcome = edit_draft(
        version_id=draft,
        edit=_edit(request, body, key, seen=_seen(if_match)),
        by=user_of(request),
        on=timezone.localdate(),
    )
    return _outcome(request, outcome)


@router.post("/drafts/{int:draft}/check", url_name="draft-check")
def check(request: HttpRequest, draft: int, body: EditRequest) -> HttpResponse:
    """Say which faults an edit would open and solve; nothing changes."""
    draft_of(request, draft)
    faults = check_edit(version_id=draft, edit=_edit(request, body, str(uuid.uuid4())))
    return as_json(
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
    asked = Edit(
        action="undo",
        changes=(),
        why=body.why,
        accept=body.accept or "",
        key=_key(key),
        digest=_digest(request),
        seen=_seen(if_match),
    )
    outcome = undo_edit(
        version_id=draft, number=number, edit=asked, by=user_of(request), on=timezone.localdate()
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
    version = draft_of(request, draft)
    found = queries.edits_values(
        version, user_of(request), before=before, zone=zone, is_mine=mine, most=limit
    )
    return as_json({"edits": found}, edit=version.edits)


@router.get("/drafts/{int:draft}/edits/{int:number}", url_name="draft-edit")
def one_edit(request: HttpRequest, draft: int, number: int) -> HttpResponse:
    """Return an edit with each zone before and after it."""
    version = draft_of(request, draft)
    found = DraftEdit.objects.filter(version_of=version, number=number).first()
    if found is None:
        raise Missing("draft_edit", number=number)
    (brief,) = queries.edit_values([found], user_of(request))
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
    return as_json({**brief, "changes": changes})


@router.get("/drafts/{int:draft}/variants", url_name="draft-variants")
def variants(request: HttpRequest, draft: int) -> HttpResponse:
    """Return the drawings that are kept beside zones."""
    version = draft_of(request, draft)
    rows = version.variants.filter(withdrawn_at=None).select_related("by").order_by("pk")
    return as_json(
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
        version=draft_of(request, draft),
        uid=body.uid,
        boundary=read_surface(body.boundary),
        content=body.content.written() if body.content else {},
        why=body.why,
        by=user_of(request),
        on=timezone.localdate(),
    )
    return as_json({"id": row.pk}, status=201)


@router.delete("/drafts/{int:draft}/variants/{int:variant}", url_name="draft-variant")
def withdraw(request: HttpRequest, draft: int, variant: int) -> HttpResponse:
    """Take a kept drawing off the list."""
    withdraw_variant(
        version=draft_of(request, draft),
        variant_id=variant,
        by=user_of(request),
        on=timezone.localdate(),
    )
    return HttpResponse(status=204)


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


def _edit(request: HttpRequest, body: EditRequest, key: str | None, *, seen: int = 0) -> Edit:
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
        seen=seen,
    )


def _outcome(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    (brief,) = queries.edit_values([outcome.edit], user_of(request))
    values = {
        "edit": brief,
        "zones": [
            _zone(state, state.boundary) for state in outcome.states if state.boundary is not None
        ],
        "removed": [str(state.uid) for state in outcome.states if state.boundary is None],
        "opened": [fault_row_values(row) for row in outcome.opened],
        "solved": [str(key) for key in outcome.solved],
    }
    return as_json(values, status=201, edit=outcome.edit.number)


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
