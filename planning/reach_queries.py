"""What answers say of reach: runs, figures, wards."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language

from landdata.errors import Missing
from landdata.models import AdministrativeUnit, UnitLevel
from planning.models import CoverageFigure, CoverageRun
from planning.operations.background import told
from planning.permissions import conflicts_open_to

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from accounts.models import User

_KINDS: Final = Path(__file__).parents[1] / "fixtures" / "reference" / "facility_kinds.csv"
#: Runs and figures that one answer lists at most.
MOST_RUNS, MOST_FIGURES = 50, 5_000


@dataclass(frozen=True)
class Wanted:
    """Which figures of a run; what is left out leaves all."""

    kind: str | None = None
    norm: str | None = None
    mode: str | None = None
    measure: str | None = None
    unit: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """Fields of a figure with the value that each must have."""
        asked = {
            "kind": self.kind,
            "norm": self.norm,
            "mode": self.mode,
            "measure": self.measure,
            "unit_code": self.unit,
        }
        return {name: value for name, value in asked.items() if value is not None}


@lru_cache(maxsize=1)
def facility_kinds() -> tuple[dict[str, str], ...]:
    """Return the rows of the table of kinds of services as they are written."""
    with _KINDS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def kind_names() -> dict[str, str]:
    """Return the names of kinds by code, in the active language."""
    column = "name_en" if (get_language() or "").startswith("en") else "name_vi"
    return {row["code"]: row[column] for row in facility_kinds()}


def runs_of(version_id: int | None) -> list[CoverageRun]:
    """Return the runs of a scope, the newest first."""
    found = CoverageRun.objects.filter(version_id=version_id, scenario=None).select_related("by")
    return list(found.order_by("-pk")[:MOST_RUNS])


def open_coverage(user: User, run_id: int, *, on: dt.date) -> CoverageRun:
    """Return a run that somebody may see. Raises Missing."""
    run = CoverageRun.objects.select_related("by").filter(pk=run_id).first()
    if run is None or not conflicts_open_to(user, run.version_id, on=on):
        raise Missing("coverage_run", id=run_id)
    return run


def coverage_values(run: CoverageRun, *, is_now: bool = False) -> dict[str, Any]:
    """Return what an answer says of a run."""
    return {
        **told(run),
        "number": run.number,
        "on": run.on,
        "revision": run.revision,
        "edits": run.edits,
        "parameters": run.parameters,
        "counts": run.counts,
        "is_current": is_now,
    }


def figure_values(run: CoverageRun, wanted: Wanted) -> dict[str, Any]:
    """Return the figures of a run."""
    found = CoverageFigure.objects.filter(run=run, **wanted.conditions)
    rows = found.order_by("kind", "norm", "measure", "unit_code", "pk")[: MOST_FIGURES + 1]
    names = kind_names()
    return {
        "figures": [_figure(row, names) for row in rows[:MOST_FIGURES]],
        "is_cut": len(rows) > MOST_FIGURES,
    }


def ward_values(run: CoverageRun, kind: str) -> dict[str, Any]:
    """Return the figures of a kind of service ward by ward, and of the whole."""
    rows = list(CoverageFigure.objects.filter(run=run, kind=kind).order_by("norm", "pk"))
    names = kind_names()
    codes = sorted({row.unit_code for row in rows if row.unit_code})
    wards = ward_names(codes)
    return {
        "kind": kind,
        "name": names.get(kind, kind),
        "whole": [_figure(row, names) for row in rows if not row.unit_code],
        "wards": [
            {
                "code": code,
                "name": wards.get(code, code),
                "figures": [_figure(row, names) for row in rows if row.unit_code == code],
            }
            for code in codes
        ],
    }


def ward_names(codes: Collection[str]) -> dict[str, str]:
    """Return the names of wards by code, in the active language."""
    """Return the names of wards by code, in the active language."""
    column = "full_name_en" if (get_language() or "").startswith("en") else "full_name"
    units = AdministrativeUnit.objects.known_now().filter(level=UnitLevel.WARD, code__in=codes)
    return dict(units.order_by("valid_from").values_list("code", column))


def _figure(row: CoverageFigure, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "kind_name": names.get(row.kind, row.kind),
        "norm": row.norm,
        "mode": row.mode,
        "metric": row.metric,
        "measure": row.measure,
        "unit": row.unit_code,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "people": row.people,
        "state": row.state or None,
        "reason": row.reason,
        "values": row.values,
    }
