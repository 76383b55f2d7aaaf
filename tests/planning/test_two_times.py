"""Random histories: what was answered once is answered for ever, and it was right.

The oracle knows nothing of rows: at a point, on a day, as known after k publications, the newest
publication counts whose extent holds the point and whose first day has come.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landdata.models import Theme
from planning.extract import build_extract
from planning.extract.as_json import as_json
from planning.models import Adjustment
from tests.planning import city
from tests.planning.city import box

DAYS = [dt.date(2026, month, 1) for month in (1, 3, 5, 7, 9, 11)]
GROUND = box(0, 0, 40, 40)
#: Points on no line that a random box can have.
POINTS = [(x + 0.5, y + 0.5) for x in range(5, 40, 10) for y in range(5, 40, 10)]


class Change(NamedTuple):
    """A publication: its extent in steps of 10 m, and its first day."""

    west: int
    south: int
    width: int
    height: int
    day: dt.date

    @property
    def shape(self) -> shapely.Polygon:
        west, south = 10 * self.west, 10 * self.south
        east, north = min(40, west + 10 * self.width), min(40, south + 10 * self.height)
        return box(west, south, east, north)


changes = st.builds(
    Change,
    west=st.integers(0, 3),
    south=st.integers(0, 3),
    width=st.integers(1, 4),
    height=st.integers(1, 4),
    day=st.sampled_from(DAYS),
)


class _Undo(Exception):
    """Ends an example without a trace in the database."""


def expected(history: list[Change], day: dt.date, point: tuple[float, float]) -> str:
    here = shapely.Point(city.EAST + point[0], city.NORTH + point[1])
    for number in range(len(history) - 1, -1, -1):
        if history[number].day <= day and history[number].shape.contains(here):
            return f"Z{number}"
    return ""


def told(extract, point: tuple[float, float]) -> str:
    """The label of the zone that the extract names at a point."""
    from landdata import crs

    lon, lat = crs.transformer(5897, crs.GEOGRAPHIC).transform(
        city.EAST + point[0], city.NORTH + point[1]
    )
    zoning = next(t for t in extract.themes if t.theme == Theme.ZONING_PLAN)
    (piece,) = [p for p in zoning.pieces if p.boundary.contains(shapely.Point(lon, lat))]
    return piece.zones[0].label if piece.zones else ""


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=changes, adjustments=st.lists(changes, max_size=5))
def test_every_answer_is_right_and_stays_the_same(first, adjustments, office):
    first = first._replace(west=0, south=0, width=4, height=4)
    with pytest.raises(_Undo), transaction.atomic():
        plot = city.Register().parcel("1", GROUND, valid_from=dt.date(2026, 1, 1))
        history: list[Change] = []
        given_out: dict[tuple[dt.date, int], tuple[object, list[Change]]] = {}
        for change in [first, *adjustments]:
            office.in_force(
                "P",
                change.shape,
                {f"Z{len(history)}": ("HOUSES", change.shape)},
                adjustment=Adjustment.LOCAL if history else Adjustment.FIRST,
                valid_from=change.day,
            )
            history.append(change)
            for day in DAYS:
                extract = build_extract(plot, as_of=day)
                given_out[day, extract.known_at] = (as_json(extract), list(history))

        for (day, known_at), (before, known) in given_out.items():
            again = build_extract(plot, as_of=day, known_at=known_at)
            now = as_json(again)
            assert now == before
            for point in POINTS:
                assert told(again, point) == expected(known, day, point)
        raise _Undo
