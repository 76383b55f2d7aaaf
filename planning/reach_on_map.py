"""What the map of reach draws in a box: plots by what their norm says, and facilities."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils.translation import get_language

from planning.models.published_reach import KINDS
from planning.reach.measures import Verdict, all_of
from planning.reach_public import STATES
from planning.reach_told import LETTERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planning.conflict_tables import Moment
    from planning.reach_town import Town

Box = tuple[float, float, float, float]

#: Plots and facilities that one answer draws at most; more of them are a blur.
MOST_PLOTS, MOST_FACILITIES = 6_000, 2_000

_IN_BOTH_TIMES: Final = """
    {t}.from_revision <= %(revision)s AND {t}.valid_from <= %(on)s
    AND ({t}.to_revision IS NULL OR {t}.to_revision > %(revision)s)
    AND ({t}.valid_to IS NULL OR {t}.valid_to > %(on)s)
"""
_BOX: Final = "ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, %(srid)s)"
#: `place` is that of the kind in the lists, null for all kinds together.
_PLOTS: Final = f"""
    SELECT v.uuid::text, ST_AsGeoJSON(v.boundary, 1), ST_X(p.at), ST_Y(p.at),
        r.walk_m[%(place)s], substr(r.states, %(place)s, 1), r.states
    FROM public_parcels v
    CROSS JOIN LATERAL (SELECT ST_PointOnSurface(v.boundary) AS at) p
    JOIN LATERAL (
        SELECT r.* FROM public_reach r WHERE r.parcel_uuid = v.uuid
            AND {_IN_BOTH_TIMES.format(t="r")}
        ORDER BY r.valid_from DESC LIMIT 1
    ) r ON true
    WHERE v.boundary && {_BOX} AND {_IN_BOTH_TIMES.format(t="v")}
    LIMIT %(most)s
"""  # noqa: S608 - our own words
_GROUNDS: Final = f"""
    SELECT v.uuid::text, ST_AsGeoJSON(v.boundary, 1), ST_X(p.at), ST_Y(p.at)
    FROM public_parcels v
    CROSS JOIN LATERAL (SELECT ST_PointOnSurface(v.boundary) AS at) p
    WHERE v.boundary && {_BOX} AND {_IN_BOTH_TIMES.format(t="v")}
    LIMIT %(most)s
"""  # noqa: S608 - our own words
_FACILITIES: Final = f"""
    SELECT v.dataset || '/' || v.source_key, v.name, v.name_en, v.kind, v.capacity,
        v.capacity_unit, ST_X(v.position), ST_Y(v.position)
    FROM public_facilities v
    WHERE v.position && {_BOX} AND v.kind = ANY(%(kinds)s) AND {_IN_BOTH_TIMES.format(t="v")}
    ORDER BY 1 LIMIT %(most)s
"""  # noqa: S608 - our own words
_BANDS: Final = f"""
    SELECT v.mode, v.from_m, v.band_m, ST_AsGeoJSON(v.boundary, 1), ST_Area(v.boundary)
    FROM public_service_areas v
    WHERE v.kind = %(kind)s AND {_IN_BOTH_TIMES.format(t="v")}
    ORDER BY v.band_m
"""  # noqa: S608 - our own words


def bands_of(kind: str, moment: Moment) -> dict[str, Any]:
    """Return the ground around a kind as the last run of the city published it, as GeoJSON."""
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"kind": kind, "on": moment.on, "revision": moment.revision}
        cursor.execute(_BANDS, given)
        rows = cursor.fetchall()
    return {"type": "FeatureCollection", "features": [_band(kind, *row) for row in rows]}


def _band(
    kind: str, mode: str, from_m: float, to_m: float, boundary: str, area_m2: float
) -> dict[str, Any]:
    told = {"kind": kind, "mode": mode, "from_m": from_m, "to_m": to_m}
    return {
        "type": "Feature",
        "geometry": json.loads(boundary),
        "properties": {**told, "area_m2": round(area_m2, 1)},
    }


def plots_in(box: Box, kind: str, moment: Moment) -> dict[str, Any]:
    """Return the plots of a box as the last run of the city found them; "" is every kind."""
    place = KINDS.index(kind) + 1 if kind in KINDS else None
    with connection.cursor() as cursor:
        cursor.execute(_PLOTS, {**_within(box, moment), "place": place, "most": MOST_PLOTS + 1})
        rows = cursor.fetchall()
    # Half of the plots of a view would look like a part of the city without any.
    is_cut = len(rows) > MOST_PLOTS
    return {"plots": [] if is_cut else [_plot(row) for row in rows], "is_cut": is_cut}


def plots_of_town(town: Town, box: Box, kind: str) -> dict[str, Any]:
    """Return the plots of a box as they are in a town that is held ready; "" is every kind."""
    moment = town.city.moment
    with connection.cursor() as cursor:
        cursor.execute(_GROUNDS, {**_within(box, moment), "most": MOST_PLOTS + 1})
        found = cursor.fetchall()
    is_cut = len(found) > MOST_PLOTS
    number = _numbers(town)
    known = [] if is_cut else [row for row in found if row[0] in number]
    rows = np.array([number[row[0]] for row in known], dtype=np.intp)
    verdicts = [held.verdict[rows] for held in town.held if kind in ("", held.kind)]
    letters = [LETTERS[Verdict(one)] for one in all_of(verdicts, len(rows)).tolist()]
    cost = town.base.served[kind].nearest.cost[rows] if kind else np.full(len(rows), np.nan)
    plots = [
        _plot((*row, metres, letter, letter))
        for row, metres, letter in zip(known, cost.tolist(), letters, strict=True)
    ]
    return {"plots": plots, "is_cut": is_cut}


#: The numbers of plots by their keys, of towns that are held.
_known_numbers: WeakKeyDictionary[Town, dict[str, int]] = WeakKeyDictionary()


def _numbers(town: Town) -> dict[str, int]:
    if town not in _known_numbers:
        keys = town.city.plots.key.tolist()
        _known_numbers[town] = {str(key): row for row, key in enumerate(keys)}
    return _known_numbers[town]


def facilities_in(box: Box, kinds: Sequence[str], moment: Moment) -> list[dict[str, Any]]:
    """Return the facilities of some kinds in a box."""
    given: Mapping[str, Any] = {"kinds": list(kinds), "most": MOST_FACILITIES}
    with connection.cursor() as cursor:
        cursor.execute(_FACILITIES, {**_within(box, moment), **given})
        return [_facility(row) for row in cursor.fetchall()]


def _within(box: Box, moment: Moment) -> dict[str, Any]:
    edges = dict(zip(("west", "south", "east", "north"), box, strict=True))
    times = {"on": moment.on, "revision": moment.revision}
    return {**edges, **times, "srid": settings.STORAGE_SRID}


def _plot(row: Sequence[Any]) -> dict[str, Any]:
    uuid, boundary, east, north, metres, letter, letters = row
    return {
        "uuid": uuid,
        "place": [east, north],
        "boundary": json.loads(boundary),
        "metres": float(metres) if metres is not None and np.isfinite(metres) else None,
        "state": worst_of(letters) if letter is None else STATES[letter],
    }


def worst_of(letters: str) -> str:
    """Return the state under all kinds together: one that is not met decides, then one unknown."""
    for letter in ("n", "u", "m"):
        if letter in letters:
            return STATES[letter]
    return STATES["-"]


def _facility(row: Sequence[Any]) -> dict[str, Any]:
    key, name, name_en, kind, capacity, unit, east, north = row
    is_english = (get_language() or "").startswith("en")
    return {
        "key": key,
        "name": (name_en if is_english else name) or name,
        "kind": kind,
        "place": [east, north],
        "capacity": capacity,
        "unit": unit,
        "state": "as_is",
        "from": None,
    }
