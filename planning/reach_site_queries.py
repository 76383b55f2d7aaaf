"""What answers say of searches for sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language

from landdata.errors import Missing
from planning import reach_words
from planning.models import AvailableSite, RunState, SiteSource, SitingRun
from planning.operations.background import told
from planning.permissions import conflicts_open_to
from planning.reach_queries import kind_names, ward_names

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from accounts.models import User
    from planning.models import SitingCandidate

#: Searches that one answer lists at most.
MOST: Final = 50
_SITE: Final = f"{SiteSource.SITE}/"


def searches_of(version_id: int | None) -> list[SitingRun]:
    """Return the searches of a scope, the newest first."""
    found = SitingRun.objects.filter(version_id=version_id).select_related("by")
    return list(found.order_by("-pk")[:MOST])


def open_siting(user: User, run_id: int, *, on: dt.date) -> SitingRun:
    """Return a search that somebody may see. Raises Missing."""
    run = SitingRun.objects.select_related("by").filter(pk=run_id).first()
    if run is None or not conflicts_open_to(user, run.version_id, on=on):
        raise Missing("siting_run", id=run_id)
    return run


def siting_values(run: SitingRun, *, with_candidates: bool = True) -> dict[str, Any]:
    """Return what an answer says of a search; figures are null before it is done."""
    result: Mapping[str, Any] = run.result
    names = kind_names()
    values = {
        **told(run),
        "draft": run.version_id,
        "number": run.number,
        "on": run.on,
        "revision": run.revision,
        "edits": run.edits,
        "model": run.model,
        "kind": run.kind,
        "kind_name": names.get(run.kind, run.kind),
        "limit_m": run.limit_m,
        "count": run.problem.get("count"),
        "budget": run.problem.get("budget"),
        "status": run.status or None,
        "objective": run.objective,
        "bound": run.bound,
        "gap": run.gap,
        "chosen": result.get("chosen", []),
        **{name: result.get(name) for name in _FIGURES},
        **_shares(result),
        "alternatives": result.get("alternatives", []),
        "wards": _wards(result.get("wards", {})),
        "left_out": [
            {**one, "text": reach_words.of_left_out(one["reason"], one["many"])}
            for one in result.get("left_out", [])
        ],
        "need": result.get("need"),
    }
    values["text"] = reach_words.of_siting(values) if run.state == RunState.DONE else ""
    if with_candidates:
        rows = list(run.candidates.order_by("number"))
        titles = _titles(rows)
        values["candidates"] = [_candidate(row, titles) for row in rows]
    return values


_FIGURES: Final = (
    *("seconds", "people_total", "newly_people", "out_of_reach_people", "loosened_m"),
)


def _shares(result: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the shares of people served before and after; null where nobody was counted."""
    everybody = result.get("people_total")
    if not everybody:
        return {"share_before": None, "share_after": None}
    before = result["served_before"]
    after = min(everybody, before + result["newly_people"])
    return {"share_before": before / everybody, "share_after": after / everybody}


def _wards(newly: Mapping[str, float]) -> list[dict[str, Any]]:
    names = ward_names(sorted(newly))
    rows = [
        {"code": code, "name": names.get(code, code), "newly": people}
        for code, people in newly.items()
    ]
    return sorted(rows, key=lambda row: (-row["newly"], row["code"]))


def _titles(rows: Sequence[SitingCandidate]) -> dict[str, str]:
    """Return the titles of land to be had by key, in the active language if that is English."""
    codes = [row.key.removeprefix(_SITE) for row in rows if row.key.startswith(_SITE)]
    if not codes or not (get_language() or "").startswith("en"):
        return {}
    known = AvailableSite.objects.known_now().filter(code__in=codes).order_by("valid_from")
    return {f"{_SITE}{code}": title for code, title in known.values_list("code", "title_en")}


def _candidate(row: SitingCandidate, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": row.key,
        "source": row.source,
        "name": titles.get(row.key, row.name),
        "place": [row.position.x, row.position.y],
        "cost": row.cost,
        "capacity": row.capacity,
        "function": row.function,
        "is_permitted": row.is_permitted,
        "is_chosen": row.is_chosen,
        "newly_people": row.newly_people,
    }
