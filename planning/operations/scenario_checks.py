"""What a change of a scenario must say."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.gis.geos import LineString, Point

from landdata.errors import Invalid
from landdata.models import Facility
from planning.editing.reading import check_places
from planning.models import ChangeAction, DraftZone, PlanStatus, Zone
from planning.reach_queries import facility_kinds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from planning.models import Scenario

MOST_CORNERS: Final = 500
#: People or places: more is a slip of the hand.
MOST_PEOPLE: Final = 1e7
_FACILITY_ACTIONS: Final = (ChangeAction.MOVE, ChangeAction.CLOSE, ChangeAction.ENLARGE)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A change that somebody wants to make; places in the storage system."""

    action: str
    #: Facility ("<data set>/<sender's key>"), or uid of the zone whose people change.
    target: str = ""
    kind: str = ""
    place: tuple[float, float] | None = None
    axis: Sequence[tuple[float, float]] | None = None
    capacity: float | None = None
    people: float | None = None
    why: str = ""


def checked(
    scenario: Scenario, change: Wanted, *, added: Mapping[str, str], on: dt.date
) -> dict[str, Any]:
    """Return the values of a change that says all it needs, and nothing else.

    `added` are the kinds of facilities that the scenario adds, by their keys. Raises Invalid.
    """
    if change.action not in ChangeAction.values or change.action == ChangeAction.UNDO:
        raise Invalid("scenario_action", action=change.action)
    action = ChangeAction(change.action)
    values: dict[str, Any] = {"action": action, "why": change.why.strip()}
    if action == ChangeAction.ADD:
        if change.kind not in {row["code"] for row in facility_kinds()}:
            raise Invalid("scenario_kind", kind=change.kind)
        values |= {"kind": change.kind, "place": _place(change)}
    if action in _FACILITY_ACTIONS:
        values |= {"target": change.target, "kind": _kind_of(change.target, added, on)}
    if action == ChangeAction.MOVE:
        values["place"] = _place(change)
    if action in (ChangeAction.ADD, ChangeAction.ENLARGE):
        values["capacity"] = _number(change.capacity, "scenario_capacity")
    if action == ChangeAction.ENLARGE and values["capacity"] is None:
        raise Invalid("scenario_capacity")
    if action == ChangeAction.ROAD:
        values["axis"] = _axis(change)
    if action == ChangeAction.PEOPLE:
        values["people"] = _number(change.people, "scenario_people")
        if values["people"] is None:
            raise Invalid("scenario_people")
        values["target"] = _zone(scenario, change.target)
    return values


def _place(change: Wanted) -> Point:
    if change.place is None:
        raise Invalid("scenario_place", action=change.action)
    check_places([change.place])
    return Point(*change.place, srid=settings.STORAGE_SRID)


def _axis(change: Wanted) -> LineString:
    points = list(change.axis or ())
    if not 2 <= len(points) <= MOST_CORNERS:
        raise Invalid("scenario_axis", most=MOST_CORNERS)
    check_places(points)
    if all(point == points[0] for point in points):
        raise Invalid("scenario_axis", most=MOST_CORNERS)
    return LineString(points, srid=settings.STORAGE_SRID)


def _number(value: float | None, code: str) -> float | None:
    if value is not None and not (math.isfinite(value) and 0 <= value <= MOST_PEOPLE):
        raise Invalid(code)
    return value


def _kind_of(target: str, added: Mapping[str, str], on: dt.date) -> str:
    """Return the kind of a facility that is there, or that the scenario adds."""
    if target in added:
        return added[target]
    dataset, _, key = target.partition("/")
    known = Facility.objects.known_now().valid_on(on)
    there = known.filter(source_file__dataset__code=dataset, source_key=key).first()
    if there is None:
        raise Invalid("scenario_no_facility", target=target)
    return there.kind


def _zone(scenario: Scenario, target: str) -> str:
    """Return the uid of a zone of the scenario's plan, or of any plan in force for the city."""
    version = scenario.version
    try:
        uid = uuid.UUID(target)
    except ValueError as unreadable:
        raise Invalid("scenario_no_zone", target=target) from unreadable
    if version is not None and version.status != PlanStatus.PUBLISHED:
        is_there = DraftZone.objects.filter(version_of=version, uid=uid).exists()
    else:
        is_there = Zone.objects.known_now().filter(uid=uid).exists()
    if not is_there:
        raise Invalid("scenario_no_zone", target=target)
    return str(uid)
