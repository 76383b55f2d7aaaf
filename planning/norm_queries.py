"""Holding the zones of a draft against the planning norms."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.contrib.gis.db.models.functions import Area

from planning import norm_words
from planning.indicators import parse_bounds
from planning.models import PlanLevel
from planning.norms import (
    Book,
    Finding,
    Norm,
    State,
    Subject,
    check_scale,
    not_decided_by_a_zone,
    read_norms,
)
from planning.norms.radii import read_services

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from planning.indicators import Bounds
    from planning.models import PlanVersion
    from planning.norms.radii import Service

REFERENCE: Final = Path(__file__).parents[1] / "fixtures" / "reference"
TABLE: Final = REFERENCE / "planning_norms.csv"


@lru_cache(maxsize=1)
def planning_norms() -> tuple[Norm, ...]:
    """Return the table of norms."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return read_norms(csv.DictReader(file))


@lru_cache(maxsize=1)
def service_norms() -> tuple[dict[str, str], ...]:
    """Return the rows of the table of services as they are written."""
    with (REFERENCE / "service_radii.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache(maxsize=1)
def services() -> tuple[Service, ...]:
    """Return the table of services with how each row is measured."""
    with (REFERENCE / "service_measures.csv").open(encoding="utf-8", newline="") as file:
        return read_services(service_norms(), csv.DictReader(file), planning_norms())


@lru_cache(maxsize=1)
def kinds_by_norm() -> dict[str, tuple[str, ...]]:
    """Return the kinds of facilities that can meet each row of the table of services."""
    found: dict[str, list[str]] = {}
    with (REFERENCE / "facility_kinds.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for norm in row["norms"].split():
                found.setdefault(norm, []).append(row["code"])
    return {norm: tuple(kinds) for norm, kinds in found.items()}


def norm_values(
    version: PlanVersion, *, zones: Collection[uuid.UUID], states: Collection[State]
) -> dict[str, Any]:
    """Return what the norms say of the zones of a draft, or of those named.

    Norms hold by day: the day on which the plan takes effect decides.
    """
    norms, day = planning_norms(), version.valid_from
    book = Book(norms, on=day)
    counts = dict.fromkeys(State, 0)
    shown: list[dict[str, Any]] = []
    for subject in _subjects(version, zones):
        for finding in book.check(subject):
            counts[finding.state] += 1
            if finding.state in states:
                shown.append(_values(finding))
    of_plan = check_scale(version.plan.level, version.scale, norms, on=day)
    return {
        "on": day,
        "counts": counts,
        "plan": [_values(finding) for finding in of_plan],
        "findings": shown,
        "undecided": [
            _norm_values(norm) for norm in not_decided_by_a_zone(norms) if norm.holds_on(day)
        ],
    }


def _subjects(version: PlanVersion, zones: Collection[uuid.UUID]) -> list[Subject]:
    rows = version.drafts.annotate(area_m2=Area("boundary")).order_by("label", "pk")
    if zones:
        rows = rows.filter(uid__in=zones)
    is_lot = version.plan.level == PlanLevel.DETAILED
    return [
        Subject(
            uid=str(uid),
            function=function,
            area_m2=area.sq_m,
            is_lot=is_lot,
            density=_stated(density),
            floor_area_ratio=_stated(ratio),
        )
        for uid, function, area, density, ratio in rows.values_list(
            "uid", "function", "area_m2", "density", "floor_area_ratio"
        )
    ]


def _stated(text: str) -> Bounds | None:
    return parse_bounds(text) if text.strip() else None


def _values(finding: Finding) -> dict[str, Any]:
    return {
        "uid": finding.uid,
        "indicator": finding.indicator,
        "state": finding.state,
        "text": norm_words.sentence(finding),
        "reason": norm_words.reason(finding),
        "norm": _norm_values(finding.norm),
    }


def _norm_values(norm: Norm) -> dict[str, str]:
    return {
        "topic": norm.topic,
        "key": norm.key,
        "value": norm.value,
        "unit": norm.unit,
        "source": norm.source,
        "in_force": norm.in_force,
        "confidence": norm.confidence,
        "note": norm.note,
        "basis": norm_words.basis(norm),
    }
