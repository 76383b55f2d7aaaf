"""How many conflicts the public is told of: numbers by rule, read through the public views."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import get_language

from planning.conflict_rules import rules_by_code
from planning.conflicts import words
from planning.operations.conflict_runs import last_run
from planning.plan_queries import codes_in_force

if TYPE_CHECKING:
    import datetime as dt


def summary_values(plan: str, *, on: dt.date) -> dict[str, Any]:
    """Return what is told of one plan, or of all with "": in force, and drafts in consultation.

    `in_force` is None where nothing can be said: no plan of this code is in force, or the city was
    never checked. An empty list of counts says that the check found nothing.
    """
    codes = codes_in_force(on=on)
    run = last_run(None)
    in_force = None
    if run is not None and (not plan or plan in codes):
        in_force = {
            "legal_day": run.on,
            "revision": run.revision,
            "checked_at": run.finished_at,
            "counts": _of_plans(plan),
        }
    return {"plan": plan or None, "in_force": in_force, "drafts": _of_drafts(plan)}


def _of_plans(plan: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, {"plan": plan})
        return [
            {**_named(rule), "severity": severity, "count": many, "area_m2": area_m2}
            for rule, severity, many, area_m2 in cursor.fetchall()
        ]


def _of_drafts(plan: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_DRAFTS, {"plan": plan})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [
        {
            "plan": row["plan_code"],
            "version": row["sequence"],
            "name": _in_language(row["name_vi"], row["name_en"]),
            "legal_day": row["legal_day"],
            "released_on": row["released_on"],
            "counts": [{**_named(one["rule"]), **one} for one in json.loads(row["counts"])],
            "unchecked": [_named(rule) for rule in row["unchecked"]],
        }
        for row in rows
    ]


def _named(code: str) -> dict[str, str]:
    rule = rules_by_code().get(code)
    title = code if rule is None else words.title(rule, get_language() or "vi")
    return {"rule": code, "title": title}


def _in_language(vi: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") and en else vi


_IN_FORCE = """
    SELECT rule, severity, count(*), round(sum(area_m2)::numeric, 2)::float8
    FROM public_conflicts
    WHERE to_revision IS NULL AND (%(plan)s = '' OR %(plan)s = ANY(string_to_array(plans, ', ')))
    GROUP BY rule, severity ORDER BY rule, severity
"""
_DRAFTS = """
    SELECT plan_code, sequence, name_vi, name_en, legal_day, released_on, counts::text AS counts,
        unchecked
    FROM public_conflict_summaries
    WHERE %(plan)s = '' OR plan_code = %(plan)s
    ORDER BY plan_code, sequence
"""
