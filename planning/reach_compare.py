"""What answers say a scenario does: shares before and after, who gains and who loses, where."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.utils.translation import gettext

from landdata.errors import Invalid
from planning.operations.background import told
from planning.operations.scenarios import changes_in_force
from planning.reach.gains import by_unit, moved, squares
from planning.reach.measures import Verdict, shares
from planning.reach_changed import change_of
from planning.reach_effects import all_services, effects_of
from planning.reach_queries import kind_names, ward_names
from planning.reach_room import room
from planning.reach_towns import NotReadyError, held_town

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    from accounts.models import User
    from planning.models import Scenario
    from planning.reach.gains import Gained
    from planning.reach.measures import Share
    from planning.reach.records import Floats
    from planning.reach_effects import Effect, Effects
    from planning.reach_town import Everything, Town

#: Plots that one answer lists.
MOST_PLOTS: Final = 2_000
#: Effects of scenarios that are held: of each look at one there are several questions.
MOST_HELD: Final = 4
STATES: Final = {
    Verdict.MET: "met",
    Verdict.NOT_MET: "not_met",
    Verdict.UNKNOWN: "not_checked",
    Verdict.NONE: "none",
}

_held: OrderedDict[tuple[bytes, UUID, int], Effects] = OrderedDict()
_lock = threading.Lock()


def effects_told(scenario: Scenario, *, by: User, on: dt.date) -> dict[str, Any]:
    """Return what a scenario does to each norm; a run instead where the city is not ready yet."""
    try:
        town, found = _effects(scenario, by=by, on=on)
    except NotReadyError as missing:
        nothing: dict[str, Any] = {"left_out": [], "kinds": [], "all_services": None}
        return {**nothing, "milliseconds": 0, "run": told(missing.run)}
    changes = changes_in_force(scenario)
    before, after = all_services(town, found)
    return {
        "left_out": [
            {
                "number": changes[at].number,
                "code": code,
                "text": gettext(f"reach.left_out.{code}"),
            }
            for at, code in found.left_out
        ],
        "kinds": [_effect(one, found, town) for one in found.effects],
        "all_services": {"before": _everything(before), "after": _everything(after)},
        "milliseconds": round(found.seconds * 1000, 1),
        "run": None,
    }


def comparison(
    scenario: Scenario,
    against: Scenario | None,
    kind: str,
    norm: str,
    *,
    by: User,
    on: dt.date,
) -> dict[str, Any]:
    """Return who gains and who loses from one scenario to another, or from the city as it is.

    Raises Invalid `scenario_other_scope`, `scenario_no_norm` and `scenario_not_ready`.
    """
    if against is not None and against.version_id != scenario.version_id:
        raise Invalid("scenario_other_scope")
    try:
        town, found = _effects(scenario, by=by, on=on)
        other = None if against is None else _effects(against, by=by, on=on)[1]
    except NotReadyError as missing:
        raise Invalid("scenario_not_ready", run=missing.run.pk) from missing
    one = _of_norm(found, kind, norm)
    if other is None:
        before, before_m, people = one.before, one.before_m, found.people_before
    else:
        was = _of_norm(other, kind, norm)
        before, before_m, people = was.after, was.after_m, other.people_after
    gone = moved(before, one.after)
    xy, many = town.city.inside, found.people_after.people
    rows = np.flatnonzero((before != one.after) & (np.nan_to_num(many) > 0))
    rows = rows[np.argsort(-many[rows], kind="stable")]
    listed = rows[:MOST_PLOTS]
    return {
        "one": {"key": scenario.pk, "title": scenario.title},
        "other": None if against is None else {"key": against.pk, "title": against.title},
        **_about(one),
        **_difference(
            shares(before, people),
            shares(one.after, found.people_after),
            by_unit(gone, found.people_after),
        ),
        "squares": squares(xy, gone, many).tolist(),
        "plots": [
            {
                "uuid": str(town.city.plots.key[row]),
                "place": xy[row].tolist(),
                "before_m": _known(before_m, row),
                "after_m": _known(one.after_m, row),
                "people": float(many[row]),
                "was": STATES[Verdict(before[row])],
                "is": STATES[Verdict(one.after[row])],
            }
            for row in listed.tolist()
        ],
        "is_cut": len(rows) > MOST_PLOTS,
    }


def room_told(scenario: Scenario, kind: str, *, by: User, on: dt.date) -> dict[str, Any]:
    """Return what a kind of service offers before and after: how many, how much a person, room.

    Raises Invalid `scenario_not_ready`.
    """
    try:
        _, town = held_town(scenario.version, by=by, on=on)
    except NotReadyError as missing:
        raise Invalid("scenario_not_ready", run=missing.run.pk) from missing
    changes = [change_of(row) for row in changes_in_force(scenario)]
    return {"kind": kind, "name": kind_names().get(kind, kind), **room(town, changes, kind)}


def _effects(scenario: Scenario, *, by: User, on: dt.date) -> tuple[Town, Effects]:
    """Return what a scenario does, worked out once for each of its edits. Raises NotReadyError."""
    fingerprint, town = held_town(scenario.version, by=by, on=on)
    key = (fingerprint, scenario.pk, scenario.edits)
    with _lock:
        if key in _held:
            _held.move_to_end(key)
            return town, _held[key]
    found = effects_of(town, [change_of(row) for row in changes_in_force(scenario)])
    with _lock:
        _held[key] = found
        while len(_held) > MOST_HELD:
            _held.popitem(last=False)
    return town, found


def _of_norm(found: Effects, kind: str, norm: str) -> Effect:
    for one in found.effects:
        if kind in one.held.kinds and norm in ("", one.held.norm):
            return one
    raise Invalid("scenario_no_norm", kind=kind_names().get(kind, kind))


def _effect(one: Effect, found: Effects, town: Town) -> dict[str, Any]:
    was = town.shares_of(one.held)
    if not one.is_changed and found.people_after is found.people_before:
        same = _share(was[0])
        nobody = {"gain": 0.0, "lose": 0.0, "wards": []}
        return {**_about(one), "is_changed": False, "before": same, "after": same, **nobody}
    is_ = shares(one.after, found.people_after)
    gone = moved(one.before, one.after)
    return {
        **_about(one),
        "is_changed": True,
        **_difference(was, is_, by_unit(gone, found.people_after)),
    }


def _about(one: Effect) -> dict[str, Any]:
    return {
        "kind": one.held.kind,
        "name": kind_names().get(one.held.kind, one.held.kind),
        "norm": one.held.norm,
        "limit_m": one.held.limit_m,
        "measured": one.held.limits.measured,
    }


def _difference(
    before: tuple[Share, list[Share]],
    after: tuple[Share, list[Share]],
    gained: Sequence[Gained],
) -> dict[str, Any]:
    """Return shares before and after, who gains and loses, and the wards where that changes."""
    (was, was_of), (is_, is_of) = before, after
    units = [one.unit for one in gained[1:]]
    changed = [
        row
        for row, code in enumerate(units)
        if code and (gained[row + 1][1:] != (0.0, 0.0) or was_of[row] != is_of[row])
    ]
    names = ward_names([units[row] for row in changed])
    return {
        "before": _share(was),
        "after": _share(is_),
        "gain": gained[0].gain,
        "lose": gained[0].lose,
        "wards": [
            {
                "code": units[row],
                "name": names.get(units[row], units[row]),
                "before": _share(was_of[row]),
                "after": _share(is_of[row]),
                "gain": gained[row + 1].gain,
                "lose": gained[row + 1].lose,
            }
            for row in changed
        ],
    }


def _everything(one: Everything) -> dict[str, Any]:
    """Return the share among those of whom it is known, between what is certain and possible."""
    return {**_share(one.judged), "low": one.certain.low, "high": one.certain.high}


def _share(one: Share) -> dict[str, Any]:
    return {
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "people": one.people,
        "reason": one.reason,
    }


def _known(metres: Floats, row: int) -> float | None:
    return float(metres[row]) if np.isfinite(metres[row]) else None
