"""Working out what the plans in force permit on the sites that can be had.

A site's row and the zones known at a revision decide it, so it is written in the revision that
changes either. Days on which a plan begins or ceases to hold part the days of a site into spans.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.db import connection

from landdata.geometry import to_shapely, web_mercator
from planning.models import AvailableSite, AvailableSiteUse
from planning.permitted import Planned, permitted_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.contrib.gis.geos import MultiPolygon

    from landdata.models import Revision
    from planning.permitted import Permitted, Share

_INDICATORS: Final = ("density", "storeys", "floor_area_ratio")
_FIGURES: Final = tuple(f"{name}{end}" for name in _INDICATORS for end in ("", "_min", "_max"))
#: Shares are kept to a thousandth of a per cent, so that arithmetic alone changes nothing.
_DIGITS: Final = 5

#: Territories and zones that meet sites on some day, all sites in one statement.
_PLANNED: Final = f"""
    SELECT s.id, false, t.valid_from, t.valid_to, p.level, p.code, ST_AsBinary(t.boundary),
        '', '', {", ".join("NULL" for _ in _FIGURES)}
    FROM planning_availablesite s
    JOIN planning_planterritory t ON ST_Intersects(t.boundary, s.boundary)
    JOIN planning_plan p ON p.id = t.plan_id
    WHERE s.id = ANY (%(sites)s) AND t.to_revision IS NULL
    UNION ALL
    SELECT s.id, true, z.valid_from, z.valid_to, p.level, p.code, ST_AsBinary(z.boundary),
        z.label, z.function, {", ".join(f"z.{name}::text" for name in _FIGURES)}
    FROM planning_availablesite s
    JOIN planning_zone z ON ST_Intersects(z.boundary, s.boundary)
    JOIN planning_plan p ON p.id = z.plan_id
    WHERE s.id = ANY (%(sites)s) AND z.to_revision IS NULL
    ORDER BY 1, 2, 5, 6, 8, 9, 3
"""  # noqa: S608 - names of our own columns


@dataclass(frozen=True)
class _Zone:
    """What a zone says; nothing of it for a territory."""

    plan_code: str
    label: str
    function: str
    figures: dict[str, str | None]


@dataclass(frozen=True)
class _Row:
    """Ground that a plan decides on, from one day to another."""

    is_zone: bool
    valid_from: dt.date
    valid_to: dt.date | None
    planned: Planned[_Zone]

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def write_uses(sites: Sequence[AvailableSite], revision: Revision) -> None:
    """Write what is permitted on new rows of sites, in the open revision."""
    AvailableSiteUse.objects.bulk_create(
        [
            _as_row(site, span, content, revision)
            for site, spans in _spans_of(sites)
            for span, content in spans
        ],
        batch_size=500,
    )


def close_uses(sites: Iterable[AvailableSite], revision: Revision) -> None:
    """Close what was permitted on rows of sites that are closed."""
    ids = [site.pk for site in sites]
    AvailableSiteUse.objects.known_now().filter(site_id__in=ids).close(revision)


def refresh_uses(extent: MultiPolygon, revision: Revision) -> int:
    """Write anew what is permitted on sites on some ground; return on how many it differs.

    Inside the revision that changes the plans there, once its zones are written.
    """
    sites = list(
        AvailableSite.objects.known_now().filter(boundary__intersects=extent).order_by("pk")
    )
    if not sites:
        return 0
    standing: dict[int, list[AvailableSiteUse]] = {site.pk: [] for site in sites}
    uses = AvailableSiteUse.objects.known_now().filter(site__in=sites).order_by("valid_from")
    for use in uses:
        standing[use.site_id].append(use)
    closing: list[int] = []
    opening: list[AvailableSiteUse] = []
    differing = 0
    for site, spans in _spans_of(sites):
        old = standing[site.pk]
        new = [_as_row(site, span, content, revision) for span, content in spans]
        if [_says(use) for use in old] == [_says(use) for use in new]:
            continue
        differing += 1
        closing += [use.pk for use in old]
        opening += new
    AvailableSiteUse.objects.filter(pk__in=closing).close(revision)
    AvailableSiteUse.objects.bulk_create(opening, batch_size=500)
    return differing


Span = tuple[dt.date, dt.date | None]
Content = dict[str, Any]


def _spans_of(
    sites: Sequence[AvailableSite],
) -> Iterator[tuple[AvailableSite, list[tuple[Span, Content]]]]:
    """Yield each site with what holds on it, span by span."""
    rows: dict[int, list[_Row]] = {site.pk: [] for site in sites}
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED, {"sites": list(rows)})
        for row in cursor.fetchall():
            rows[row[0]].append(_read(row))
    for site in sites:
        yield site, _spans(site, rows[site.pk])


def _read(row: Sequence[Any]) -> _Row:
    _, is_zone, valid_from, valid_to, level, plan_code, boundary, label, function, *figures = row
    zone = _Zone(plan_code, label, function, dict(zip(_FIGURES, figures, strict=True)))
    shape = shapely.from_wkb(bytes(boundary))
    return _Row(is_zone, valid_from, valid_to, Planned(level, shape, zone))


def _spans(site: AvailableSite, rows: Sequence[_Row]) -> list[tuple[Span, Content]]:
    days = {day for row in rows for day in (row.valid_from, row.valid_to) if day is not None}
    begins = [site.valid_from, *sorted(day for day in days if _is_within(day, site))]
    ground = to_shapely(site.boundary)
    found: list[tuple[Span, Content]] = []
    for begin, end in pairwise([*begins, site.valid_to]):
        if begin is None:
            continue
        on_day = [row for row in rows if row.holds_on(begin)]
        content = _content(
            permitted_on(
                ground,
                [row.planned for row in on_day if not row.is_zone],
                [row.planned for row in on_day if row.is_zone],
            )
        )
        if found and found[-1][1] == content:
            found[-1] = ((found[-1][0][0], end), content)
        else:
            found.append(((begin, end), content))
    return found


def _is_within(day: dt.date, site: AvailableSite) -> bool:
    return site.valid_from < day and (site.valid_to is None or day < site.valid_to)


def _content(permitted: Permitted[_Zone]) -> Content:
    """Return the columns of a use."""
    total = permitted.ground_m2

    def share(m2: float) -> float:
        return round(m2 / total, _DIGITS)

    content: Content = {
        "zones": [_listed(one, share(one.m2)) for one in permitted.shares],
        "silent_share": share(permitted.silent_m2),
        "unplanned_share": share(permitted.unplanned_m2),
        "contested_share": share(permitted.contested_m2),
        "land_use_code": permitted.land_uses[0].zone.reference.function
        if permitted.land_uses
        else "",
    }
    by_function: dict[str, float] = {}
    for one in permitted.shares:
        function = one.zone.reference.function
        by_function[function] = by_function.get(function, 0.0) + one.m2
    if not by_function:
        return content
    dominant = max(by_function, key=lambda function: (by_function[function], function))
    main = next(one for one in permitted.shares if one.zone.reference.function == dominant)
    zone = main.zone.reference
    return content | {
        "function": dominant,
        "function_share": share(by_function[dominant]),
        "level": main.zone.level,
        "plan_code": zone.plan_code,
        "is_mixed": any(_words(one) != _words(main) for one in permitted.shares),
        **{name: zone.figures[name] or "" for name in _INDICATORS},
        **{
            f"{name}_{end}": _number(zone.figures[f"{name}_{end}"])
            for name in _INDICATORS
            for end in ("min", "max")
        },
    }


def _words(share: Share[_Zone]) -> tuple[str | None, ...]:
    return tuple(share.zone.reference.figures[name] for name in _INDICATORS)


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _listed(share: Share[_Zone], of_all: float) -> dict[str, Any]:
    zone = share.zone.reference
    return {
        "level": share.zone.level,
        "plan": zone.plan_code,
        "label": zone.label,
        "function": zone.function,
        "share": of_all,
        "m2": round(share.m2, 2),
        **{name: zone.figures[name] or "" for name in _INDICATORS},
    }


def _as_row(
    site: AvailableSite, span: Span, content: Content, revision: Revision
) -> AvailableSiteUse:
    return AvailableSiteUse(
        site=site,
        boundary_3857=web_mercator(site.boundary),
        valid_from=span[0],
        valid_to=span[1],
        from_revision=revision.number,
        **content,
    )


_SAID: Final = tuple(
    field.name
    for field in AvailableSiteUse._meta.concrete_fields
    if field.name not in ("id", "site", "boundary_3857", "from_revision", "to_revision")
)


def _says(use: AvailableSiteUse) -> tuple[Any, ...]:
    return tuple(getattr(use, name) for name in _SAID)
