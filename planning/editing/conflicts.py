"""What a planner is told when another one was faster: both drawings, and both in one if it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning.editing.as_values import state_values, zone_values
from planning.editing.merging import merge_boundaries, merge_content
from planning.editing.records import WRITTEN_FIELDS, Change
from planning.models import DraftZoneState

if TYPE_CHECKING:
    from planning.models import DraftZone, PlanVersion


@dataclass(frozen=True)
class Conflict:
    """A zone that another planner changed meanwhile."""

    #: What there is to decide, ready to be written as JSON.
    values: dict[str, Any]
    #: The change with both planners' work, None where both touched the same stretch or field.
    merged: Change | None


def conflict_of(version: PlanVersion, mine: Change, theirs: DraftZone | None) -> Conflict:
    """Return what there is to decide for one zone."""
    states = DraftZoneState.objects.filter(version_of=version, uid=mine.uid)
    base = states.filter(version=mine.based_on).first() if mine.based_on else None
    last = states.select_related("edit__by").order_by("-version").first()
    merged = None if base is None or theirs is None else _merged(base, mine, theirs)
    values = {
        "uid": str(mine.uid),
        "now": None if theirs is None else zone_values(theirs),
        "base": None if base is None or base.boundary is None else state_values(base),
        "merged": None if merged is None else _merged_values(merged, base, theirs),
        "by": "" if last is None else str(last.edit.by),
        "at": "" if last is None else last.edit.at.isoformat(),
    }
    return Conflict(values, merged)


def _merged(base: DraftZoneState, mine: Change, theirs: DraftZone) -> Change | None:
    if base.boundary is None or mine.is_removed:
        return None
    was, now = _written(base), _written(theirs)
    content = merge_content(was, {**was, **mine.content}, now)
    boundary = merge_boundaries(base.boundary, mine.boundary or base.boundary, theirs.boundary)
    if content is None or boundary is None:
        return None
    return Change(uid=mine.uid, based_on=theirs.version, boundary=boundary, content=content)


def _merged_values(
    merged: Change, base: DraftZoneState | None, theirs: DraftZone | None
) -> dict[str, Any] | None:
    if base is None or theirs is None or merged.boundary is None:
        return None
    both = DraftZoneState(
        uid=merged.uid, version=theirs.version, boundary=merged.boundary, **merged.content
    )
    return state_values(both)


def _written(of: DraftZone | DraftZoneState) -> dict[str, Any]:
    return {name: getattr(of, name) for name in WRITTEN_FIELDS}
