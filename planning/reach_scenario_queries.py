"""What answers say of scenarios: which there are, their changes, and where facilities stand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Q

from landdata.models import Facility
from planning.models import ChangeAction, Scenario
from planning.operations.scenarios import changes_in_force, undone
from planning.reach_queries import kind_names

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from accounts.models import User
    from planning.models import ScenarioChange

#: Scenarios that one answer lists.
MOST_LISTED: Final = 200


class Stand(NamedTuple):
    """A facility of a scenario."""

    key: str
    name: str
    kind: str
    place: tuple[float, float]
    capacity: float | None
    unit: str
    #: as_is, added, moved, closed, enlarged.
    state: str = "as_is"
    #: Where it stands today, of one that was moved.
    origin: tuple[float, float] | None = None


def scenarios_for(user: User, version_id: int | None) -> list[Scenario]:
    """Return the scenarios of a scope that somebody may see, the newest first."""
    found = Scenario.objects.filter(version_id=version_id, withdrawn_at=None)
    found = found.filter(Q(is_shared=True) | Q(by=user)).select_related("by")
    return list(found.order_by("-at")[:MOST_LISTED])


def line_values(scenario: Scenario, user: User) -> dict[str, Any]:
    """Return what a list says of a scenario."""
    return {
        "key": scenario.pk,
        "title": scenario.title,
        "draft": scenario.version_id,
        "by": scenario.by.full_name or scenario.by.username,
        "is_mine": scenario.by_id == user.pk,
        "is_shared": scenario.is_shared,
        "is_part_of_draft": scenario.is_part_of_draft,
        "edits": scenario.edits,
        "at": scenario.at,
    }


def change_values(scenario: Scenario, *, on: dt.date) -> list[dict[str, Any]]:
    """Return all changes of a scenario, the first one first; also those that were taken back."""
    changes = list(scenario.changes.select_related("by", "undoes").order_by("number"))
    gone = undone(changes)
    known = _known(on, keys={one.target for one in changes if one.target})
    taken_back = {
        one.undoes.number: one.number
        for one in changes
        if one.undoes is not None and one.number not in gone
    }
    found, stands = [], dict(known)
    for change in changes:
        before = stands.get(change.target)
        found.append(
            {
                "number": change.number,
                "action": change.action,
                "target": change.target,
                "name": "" if before is None else before.name,
                "kind": change.kind,
                "place": None if change.place is None else list(change.place.coords),
                "from": None if before is None else list(before.place),
                "axis": None if change.axis is None else [list(at) for at in change.axis.coords],
                "capacity": change.capacity,
                "people": change.people,
                "why": change.why,
                "by": change.by.full_name or change.by.username,
                "at": change.at,
                "undone_by": taken_back.get(change.number),
                "undoes": None if change.undoes is None else change.undoes.number,
            }
        )
        if change.number not in gone:
            _put(stands, change)
    return found


def facility_values(scenario: Scenario, kind: str, *, on: dt.date) -> list[dict[str, Any]]:
    """Return the facilities of a kind as the scenario has them, closed ones too."""
    names = kind_names()
    known = _known(on, kind=kind)
    found = stands_of(known, changes_in_force(scenario))
    units = Counter(one.unit for one in known.values() if one.unit)
    usual = max(sorted(units), key=units.__getitem__, default="")
    return [
        {
            "key": one.key,
            "name": one.name or names.get(one.kind, one.kind),
            "kind": one.kind,
            "place": list(one.place),
            "capacity": one.capacity,
            # What is added is told in what the others are.
            "unit": usual if one.state == "added" else one.unit,
            "state": one.state,
            "from": None if one.origin is None else list(one.origin),
        }
        for one in found.values()
        if one.kind == kind
    ]


def stands_of(known: Mapping[str, Stand], changes: Iterable[ScenarioChange]) -> dict[str, Stand]:
    """Return facilities, by their keys, after changes made one after the other."""
    stands = dict(known)
    for change in changes:
        _put(stands, change)
    return stands


def _put(stands: dict[str, Stand], change: ScenarioChange) -> None:
    before = stands.get(change.target)
    if change.action == ChangeAction.ADD and change.place is not None:
        at = (change.place.x, change.place.y)
        added = Stand(change.target, "", change.kind, at, change.capacity, "", "added")
        stands[change.target] = added
    elif before is None or before.state == "closed":
        return
    elif change.action == ChangeAction.CLOSE:
        stands[change.target] = before._replace(state="closed")
    elif change.action == ChangeAction.ENLARGE:
        state = "enlarged" if before.state == "as_is" else before.state
        stands[change.target] = before._replace(capacity=change.capacity, state=state)
    elif change.action == ChangeAction.MOVE and change.place is not None:
        origin = before.origin or (None if before.state == "added" else before.place)
        state = "added" if before.state == "added" else "moved"
        at = (change.place.x, change.place.y)
        stands[change.target] = before._replace(place=at, state=state, origin=origin)


def _known(on: dt.date, *, kind: str = "", keys: Sequence[str] | set[str] = ()) -> dict[str, Stand]:
    """Return the facilities of the record of a kind, or with these keys."""
    found = Facility.objects.known_now().valid_on(on).select_related("source_file__dataset")
    if kind:
        found = found.filter(kind=kind)
    else:
        wanted = Q(pk__in=())
        for key in keys:
            dataset, _, own = key.partition("/")
            wanted |= Q(source_file__dataset__code=dataset, source_key=own)
        found = found.filter(wanted)
    stands = {}
    for row in found:
        key = f"{row.source_file.dataset.code}/{row.source_key}"
        at = (row.position.x, row.position.y)
        stands[key] = Stand(key, row.name, row.kind, at, row.capacity, row.capacity_unit)
    return dict(sorted(stands.items()))
