"""Putting an approved plan into force."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import transaction

from landdata.errors import Forbidden, Invalid, Missing, Stale
from landdata.geometry import surfaces, to_multipolygon, to_shapely, web_mercator
from landdata.models import Revision
from planning.models import (
    CONTENT_FIELDS,
    Adjustment,
    Plan,
    PlanStatus,
    PlanTerritory,
    PlanVersion,
    Zone,
)
from planning.operations.permitted_uses import refresh_uses
from planning.operations.shares import plan_refresh
from planning.permissions import may_approve

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

    from accounts.models import User

#: What arithmetic leaves of nothing, in m²: coordinates of half a million metres carry 1e-10 m.
NOISE_M2 = 1e-6

_Row = TypeVar("_Row", PlanTerritory, Zone)


@transaction.atomic
def publish_plan_version(*, version_id: int, by: User, on: dt.date) -> Revision:
    """Put an approved version into force on the ground it decides on, all or nothing.

    Inside its extent every zone in force closes from the version's first day on; a zone that
    straddles the extent goes on as its remainder, under the decision that made it. If another
    version was published since this one was drafted we refuse (Stale): its authors have not seen
    what they would replace.
    """
    version = PlanVersion.objects.select_related("plan").filter(pk=version_id).first()
    if version is None:
        raise Missing("plan_version", id=version_id)
    # One publication per plan at a time.
    Plan.objects.select_for_update().get(pk=version.plan_id)
    version.refresh_from_db()
    if not may_approve(by, on=on, at=version.extent):
        raise Forbidden("publish_plan", plan=version.plan.code)
    if version.status != PlanStatus.APPROVED:
        raise Invalid("plan_not_approved", plan=version.plan.code)
    _check_base(version)

    extent = to_shapely(version.extent)
    # The end of the draft's chain of edits goes into the record, where nobody can change it.
    why = f"publish {version.plan.code}, {version.edits} edits, {bytes(version.edits_head).hex()}"
    with Revision.open(by=by, why=why, source_file=version.source_file) as revision:
        if version.adjustment != Adjustment.FIRST:
            _give_way(Zone, version, extent, revision)
            _give_way(PlanTerritory, version, extent, revision)
        PlanTerritory.objects.create(
            plan=version.plan,
            version=version,
            boundary=version.extent,
            boundary_3857=web_mercator(version.extent),
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            from_revision=revision.number,
        )
        Zone.objects.bulk_create(list(_new_zones(version, revision)), batch_size=500)
        refresh_uses(version.extent, revision)
        version.status = PlanStatus.PUBLISHED
        version.published_in = revision
        version.save(update_fields=["status", "published_in"])
    plan_refresh()
    return revision


def _check_base(version: PlanVersion) -> None:
    latest = (
        PlanVersion.objects.filter(plan=version.plan, status=PlanStatus.PUBLISHED)
        .order_by("-sequence")
        .first()
    )
    if latest != version.base:
        raise Stale(
            "plan_version",
            plan=version.plan.code,
            now=latest.sequence if latest else 0,
            edited=version.base.sequence if version.base else 0,
        )


def _give_way(
    model: type[_Row],
    version: PlanVersion,
    extent: BaseGeometry,
    revision: Revision,
) -> None:
    """Close what the version replaces, and write again what of it stays true.

    Before the version's first day the old row held as it was; from then on only outside.
    """
    rows = list(
        model.objects.known_now()
        .filter(plan=version.plan, boundary__intersects=version.extent)
        .exclude(valid_to__lte=version.valid_from)
    )
    going: list[_Row] = []
    coming: list[_Row] = []
    for row in rows:
        shape = to_shapely(row.boundary)
        rest = surfaces(shape.difference(extent))
        if shape.area - rest.area <= NOISE_M2:
            continue  # it only touches
        going.append(row)
        if row.valid_from < version.valid_from:
            coming.append(_again(row, revision, valid_to=version.valid_from))
        if rest.area > NOISE_M2:
            coming.append(
                _again(
                    row,
                    revision,
                    boundary=rest,
                    valid_from=max(row.valid_from, version.valid_from),
                )
            )
    model.objects.filter(pk__in=[row.pk for row in going]).close(revision)
    model.objects.bulk_create(coming, batch_size=500)


def _again(
    row: _Row,
    revision: Revision,
    *,
    boundary: BaseGeometry | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> _Row:
    """Return an unsaved copy of a row, as it is believed from this revision on."""
    again = copy.copy(row)
    again.pk = None
    again._state = copy.copy(row._state)
    again._state.adding = True
    again.from_revision = revision.number
    again.to_revision = None
    again.valid_from = valid_from or row.valid_from
    again.valid_to = valid_to or row.valid_to
    if boundary is not None:
        again.boundary = to_multipolygon(boundary, settings.STORAGE_SRID)
        again.boundary_3857 = web_mercator(again.boundary)
    return again


def _new_zones(version: PlanVersion, revision: Revision) -> Iterator[Zone]:
    for draft in version.drafts.order_by("pk"):
        yield Zone(
            uid=draft.uid,
            plan=version.plan,
            introduced_by=version,
            boundary=draft.boundary,
            boundary_3857=web_mercator(draft.boundary),
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            from_revision=revision.number,
            **{name: getattr(draft, name) for name in CONTENT_FIELDS},
        )
