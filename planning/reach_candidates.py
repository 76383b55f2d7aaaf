"""Sites that a search may choose from: land to be had, plots of a function, drawn places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import connection

from planning.models import AvailableSite, AvailableSiteUse, PlanStatus, SiteSource, SiteStatus
from planning.reach_norm_check import kinds_by_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planning.conflict_tables import Moment
    from planning.models import PlanVersion
    from planning.reach.siting.question import Asked, Question
    from planning.reach_city import City

#: Plots that one search looks at, the largest first.
MOST_PLOTS: Final = 500
#: Functions of ground on which people live: no table says which services may stand among homes.
_HOMES: Final = "DAT_O_"


@dataclass(frozen=True)
class Candidate:
    """One site, in the storage system."""

    key: str
    source: SiteSource
    name: str
    xy: tuple[float, float]
    cost: float
    #: In units of the kind; None: not known.
    capacity: float | None
    function: str = ""
    is_permitted: bool | None = None


@dataclass(frozen=True)
class LeftOut:
    """What a search did not look at, and how many."""

    reason: str
    many: float


def candidates_of(
    question: Question, city: City, version: PlanVersion | None
) -> tuple[list[Candidate], list[LeftOut]]:
    """Return the sites that a question names, each once, and what of them was left out."""
    found: dict[str, Candidate] = {}
    left_out: list[LeftOut] = []
    for number, asked in enumerate(question.candidates):
        if asked.source == "drawn":
            rows = list(_drawn(asked, question, number))
        elif asked.source == "sites":
            rows, allocated = _sites(question, city.moment)
            left_out += _some("site_allocated", allocated)
        else:
            rows, more = _plots(asked, question, city, version)
            left_out += _some("too_many_plots", more)
        for row in rows:
            found.setdefault(row.key, row)
    return list(found.values()), left_out


def _some(reason: str, many: int) -> list[LeftOut]:
    return [LeftOut(reason, many)] if many else []


def is_permitted(kind: str, function: str) -> bool | None:
    """Whether ground of a planned function may hold a kind of facility; None: no table says.

    Own reading: ground for other services or for something else is not for this one; what may
    stand among homes is nowhere written, nor on what ground kinds stand that no row names.
    """
    table = kinds_by_function()
    if not function or not any(kind in kinds for kinds in table.values()):
        return None
    if kind in table.get(function, ()):
        return True
    return None if function.startswith(_HOMES) else False


def _drawn(asked: Asked, question: Question, number: int) -> Iterator[Candidate]:
    for row, point in enumerate(asked.points, start=1):
        yield Candidate(
            key=f"drawn/{row}" if number == 0 else f"drawn/{number}/{row}",
            source=SiteSource.DRAWN,
            name=point.name,
            xy=point.place,
            cost=question.cost_each if point.cost is None else point.cost,
            capacity=question.capacity_each if point.capacity is None else point.capacity,
        )


def _sites(question: Question, moment: Moment) -> tuple[list[Candidate], int]:
    """Return land to be had on the day, and how many sites have been given to somebody."""
    known = AvailableSite.objects.known_at(moment.revision).valid_on(moment.on).order_by("code")
    uses = AvailableSiteUse.objects.known_at(moment.revision).valid_on(moment.on)
    functions = dict(uses.filter(site__in=known).values_list("site_id", "function"))
    free = [site for site in known if site.status != SiteStatus.ALLOCATED]
    rows = []
    for site in free:
        inside = site.boundary.point_on_surface
        function = functions.get(site.pk, "")
        rows.append(
            Candidate(
                key=f"site/{site.code}",
                source=SiteSource.SITE,
                name=site.title_vi,
                xy=(inside.x, inside.y),
                cost=question.cost_each,
                capacity=question.capacity_each,
                function=function,
                is_permitted=is_permitted(question.kind, function),
            )
        )
    return rows, len(known) - len(free)


def _plots(
    asked: Asked, question: Question, city: City, version: PlanVersion | None
) -> tuple[list[Candidate], int]:
    """Return the largest plots that lie in zones of a function with enough ground, and how many
    more there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_asked_for(asked, city.moment, version))
        held = cursor.fetchall()
    row_of = {key: row for row, key in enumerate(city.plots.key.tolist())} if held else {}
    rows = []
    for key, name in held[:MOST_PLOTS]:
        east, north = np.asarray(city.inside[row_of[key]], dtype=float).tolist()
        rows.append(
            Candidate(
                key=f"parcel/{key}",
                source=SiteSource.PARCEL,
                name=name,
                xy=(east, north),
                cost=question.cost_each,
                capacity=question.capacity_each,
                function=asked.function,
                is_permitted=is_permitted(question.kind, asked.function),
            )
        )
    return rows, len(held) - len(rows)


def _asked_for(
    asked: Asked, moment: Moment, version: PlanVersion | None
) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {
        "on": moment.on,
        "revision": moment.revision,
        "function": asked.function,
        "least_m2": max(asked.least_m2, _TOUCHING_M2),
    }
    if version is None:
        return _PLOTS.format(zones=_IN_FORCE), values
    if version.status == PlanStatus.PUBLISHED:
        return _PLOTS.format(zones=_OF_PLAN), {**values, "plan": version.plan_id}
    return _PLOTS.format(zones=_OF_DRAFT), {**values, "draft": version.pk}


#: Less ground of a plot in a zone is a fence drawn twice.
_TOUCHING_M2: Final = 1.0
_KNOWN: Final = """
    t.from_revision <= %(revision)s AND (t.to_revision IS NULL OR t.to_revision > %(revision)s)
    AND t.valid_from <= %(on)s AND (t.valid_to IS NULL OR t.valid_to > %(on)s)
"""
_IN_FORCE: Final = f"""
    SELECT t.plan_id AS plan, t.boundary FROM planning_zone t
    WHERE {_KNOWN} AND t.function = %(function)s
"""  # noqa: S608 - our own words
_OF_PLAN: Final = f"{_IN_FORCE} AND t.plan_id = %(plan)s"
_OF_DRAFT: Final = """
    SELECT 0 AS plan, t.boundary FROM planning_draftzone t
    WHERE t.version_of_id = %(draft)s AND t.function = %(function)s
"""
#: Plots by their ground in zones of one plan, the largest first: plans lie over each other.
_PLOTS: Final = f"""
    WITH zones AS ({{zones}}), shares AS (
        SELECT t.id, sum(ST_Area(ST_Intersection(t.boundary, z.boundary))) AS m2
        FROM zones z JOIN landdata_parcelversion t ON ST_Intersects(t.boundary, z.boundary)
        WHERE {_KNOWN} AND t.geometry_state = 'valid'
        GROUP BY t.id, z.plan
    )
    SELECT t.parcel_id::text, concat_ws('/', t.unit_code, s.number, t.number)
    FROM (SELECT id, max(m2) AS m2 FROM shares GROUP BY id) held
    JOIN landdata_parcelversion t USING (id)
    JOIN landdata_cadastralsheet s ON s.id = t.sheet_id
    WHERE held.m2 >= %(least_m2)s
    ORDER BY held.m2 DESC, t.parcel_id
"""  # noqa: S608 - our own words
