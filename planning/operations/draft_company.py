"""What planners who work on one draft leave for each other: where they are, and other drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.utils import timezone

from landdata.errors import Forbidden, Missing
from planning.editing.records import WRITTEN_FIELDS
from planning.models import DraftPresence, DraftVariant, DraftZoneState, PlanVersion
from planning.permissions import may_draft

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Mapping

    from django.contrib.gis.geos import MultiPolygon

    from accounts.models import User


def note_presence(
    *, version: PlanVersion, by: User, place: tuple[float, float] | None, zone: uuid.UUID | None
) -> None:
    """Remember where somebody works just now."""
    point = None
    if place is not None:
        east, north = place
        point = Point(east, north, srid=settings.STORAGE_SRID)
    DraftPresence.objects.update_or_create(
        version_of=version,
        user=by,
        defaults={
            "place": point,
            "zone": zone,
            "seen_at": timezone.now(),
        },
    )


def keep_variant(
    *,
    version: PlanVersion,
    uid: uuid.UUID,
    boundary: MultiPolygon,
    content: Mapping[str, Any],
    why: str,
    by: User,
    on: dt.date,
) -> DraftVariant:
    """Keep a drawing of a zone beside the one that is in the plan.

    What `content` does not say of it is as the zone says it now.
    """
    if not may_draft(by, on=on, at=version.extent):
        raise Forbidden("draft_plan", plan=version.plan.code)
    states = DraftZoneState.objects.filter(version_of=version, uid=uid)
    last = states.order_by("-version").first()
    if last is None:
        raise Missing("draft_zone", uid=str(uid))
    said = {name: getattr(last, name) for name in WRITTEN_FIELDS} | dict(content)
    return DraftVariant.objects.create(
        version_of=version,
        uid=uid,
        boundary=boundary,
        why=why,
        by=by,
        at=timezone.now(),
        **said,
    )


def withdraw_variant(*, version: PlanVersion, variant_id: int, by: User, on: dt.date) -> None:
    """Take a variant off the list; the drawing itself is kept."""
    if not may_draft(by, on=on, at=version.extent):
        raise Forbidden("draft_plan", plan=version.plan.code)
    open_ones = version.variants.filter(pk=variant_id, withdrawn_at=None)
    if not open_ones.update(withdrawn_at=timezone.now()):
        raise Missing("draft_variant", id=variant_id)
